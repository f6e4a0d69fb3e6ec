import type { Address } from '../src/domain/address.ts';
import { SourceError } from '../src/domain/error.ts';
import type { Lease } from '../src/domain/lease.ts';
import { type Fqdn, parseFqdn, sameName } from '../src/domain/name.ts';
import type { DnsAnswer, Resolver } from '../src/domain/ports.ts';

/** What a resolver in memory answers from. */
export interface SimResolverOptions {
  readonly id: string;
  /** Domain of the segment whose leases it knows. */
  readonly domain: string;
  readonly leases: () => readonly Lease[];
  /** It serves the reverse zone of the segment. */
  readonly reverse: boolean;
}

/** A resolver in memory. */
export interface SimResolver {
  /** As Truename sees it. */
  readonly port: Resolver;
  /** Gives a name an IPv6 address, as a line of a hosts file does. */
  addHost(name: Fqdn, address: string): void;
}

/**
 * A resolver in front of the DHCP server, which knows each lease under its name as soon as it has it. It keeps no answer:
 * names that a real resolver remembers for some seconds longer are right here at once.
 */
export function simResolver({ id, domain, leases, reverse }: SimResolverOptions): SimResolver {
  const hosts = new Map<Fqdn, string>();
  const named = () =>
    leases().flatMap(({ name, address }) =>
      name === undefined ? [] : [{ fqdn: `${name}.${domain}`, address }],
    );
  const namesOf = (address: Address) =>
    named()
      .filter((each) => each.address === address)
      .map(({ fqdn }) => parseFqdn(fqdn))
      .filter((name) => name !== undefined);
  return {
    addHost: (name, address) => void hosts.set(name, address),
    port: {
      id,
      forward: async (name) =>
        answer(named().flatMap(({ fqdn, address }) => (sameName(fqdn, name) ? [address] : []))),
      async forward6(name) {
        const address = hosts.get(name);
        return answer(address === undefined ? [] : [address]);
      },
      knows: async (name) => hosts.has(name) || named().some(({ fqdn }) => sameName(fqdn, name)),
      async reverse(address) {
        if (!reverse) return emptyZone;
        const names = namesOf(address);
        // As the lab's Unbound answers for an address that no lease has under a name.
        if (names.length === 0)
          throw new SourceError('bad-response', `resolver ${id}`, 'the query failed with ESERVFAIL');
        return answer(names);
      },
    },
  };
}

/** Unbound answers for private addresses by itself, unless the reverse zone is forwarded (unbound.conf(5), local-zone). */
const emptyZone = {
  status: 'not-served',
  why: 'it answers 10.in-addr.arpa. from its built-in empty zone (RFC 6303)',
} as const;

function answer<T>(records: readonly T[]): DnsAnswer<T> {
  return records.length === 0 ? { status: 'none' } : { status: 'answered', records };
}
