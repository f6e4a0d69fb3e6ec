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
  /** Names with an IPv6 address each, as a hosts file has them. */
  readonly hosts6?: ReadonlyMap<Fqdn, string>;
}

/**
 * A resolver in front of the DHCP server, which knows each lease under its name as soon as it has it. It keeps no answer:
 * names that a real resolver remembers for some seconds longer are right here at once.
 */
export function simResolver({
  id,
  domain,
  leases,
  reverse,
  hosts6 = new Map(),
}: SimResolverOptions): Resolver {
  const named = () =>
    leases().flatMap(({ name, address }) =>
      name === undefined ? [] : [{ fqdn: `${name}.${domain}`, address }],
    );
  return {
    id,
    forward: async (name) =>
      answer(named().flatMap(({ fqdn, address }) => (sameName(fqdn, name) ? [address] : []))),
    async forward6(name) {
      const address = hosts6.get(name);
      return answer(address === undefined ? [] : [address]);
    },
    knows: async (name) => hosts6.has(name) || named().some(({ fqdn }) => sameName(fqdn, name)),
    async reverse(of: Address) {
      // Unbound's built-in zones for private addresses, unless the reverse zone is forwarded (unbound.conf(5), local-zone).
      if (!reverse)
        return {
          status: 'not-served',
          why: 'it answers 10.in-addr.arpa. from its built-in empty zone (RFC 6303)',
        };
      const names = named().flatMap(({ fqdn, address }) => (address === of ? [fqdn] : []));
      // dnsmasq forwards what it does not know to nobody here, and Unbound makes a failure of its refusal.
      if (names.length === 0)
        throw new SourceError('bad-response', `resolver ${id}`, 'the query failed with ESERVFAIL');
      return answer(names.map(parseFqdn).filter((name) => name !== undefined));
    },
  };
}

function answer<T>(records: readonly T[]): DnsAnswer<T> {
  return records.length === 0 ? { status: 'none' } : { status: 'answered', records };
}
