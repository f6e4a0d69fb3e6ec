import { isIPv6 } from 'node:net';
import { type Address, parseIpv4 } from '../../domain/address.ts';
import { SourceError } from '../../domain/error.ts';
import { parseFqdn } from '../../domain/name.ts';
import type { DnsAnswer, Resolver, TimedAddress } from '../../domain/ports.ts';
import { isKnown, readFailure } from './query-error.ts';

/** Where a resolver is. */
export interface DnsResolverOptions {
  readonly id: string;
  /** An address, or a name that this machine can resolve. */
  readonly address: string;
  /** Default 53. */
  readonly port?: number;
}

type Queries = import('node:dns/promises').Resolver;

/** A resolver asked directly by node:dns, never through this machine's own resolver or caches. */
export function dnsResolver({ id, address, port = 53 }: DnsResolverOptions): Resolver {
  const source = `resolver ${id} (${address})`;
  let queries: Promise<Queries> | undefined;
  const connect = () => {
    queries ??= open(address, port, source);
    return queries;
  };

  return {
    id,
    async forward(name, signal) {
      const answer = await ask(await connect(), signal, (via) => via.resolve4(`${name}.`));
      return answered(answer, parseIpv4);
    },
    async forward6(name, signal) {
      const answer = await ask(await connect(), signal, (via) => via.resolve6(`${name}.`));
      return answered(answer, (text) => (isIPv6(text) ? text.toLowerCase() : undefined));
    },
    async lifetimes(name, family, signal) {
      const answer = await ask(await connect(), signal, (via) =>
        family === 4 ? via.resolve4(`${name}.`, { ttl: true }) : via.resolve6(`${name}.`, { ttl: true }),
      );
      const legal = (answer ?? []).flatMap(({ address, ttl }) => timed(family, address, ttl) ?? []);
      return legal.length === 0 ? { status: 'none' } : { status: 'answered', records: legal };
    },
    // A name that has A records alone answers a question for AAAA with no data, and one that is not there with NXDOMAIN
    // (RFC 2308 section 2); either is kept for AAAA only.
    async knows(name, signal) {
      const query = (via: Queries) => via.resolve6(`${name}.`).then(() => true, isKnown);
      return (await ask(await connect(), signal, query)) === true;
    },
    async reverse(of, signal) {
      const via = await connect();
      const labels = of.split('.').reverse();
      const answer = await ask(via, signal, () => via.resolvePtr(`${labels.join('.')}.in-addr.arpa.`));
      if (answer !== undefined) return answered(answer, parseFqdn);
      const zone = emptyZone(of);
      if (zone === undefined || !(await ask(via, signal, () => isEmptyZone(via, zone))))
        return { status: 'none' };
      return { status: 'not-served', why: `it answers ${zone} from its built-in empty zone (RFC 6303)` };
    },
  };

  async function ask<T>(
    via: Queries,
    signal: AbortSignal,
    query: (via: Queries) => Promise<T>,
  ): Promise<T | undefined> {
    signal.throwIfAborted();
    const cancel = () => via.cancel();
    signal.addEventListener('abort', cancel);
    try {
      return await query(via);
    } catch (error) {
      const failure = readFailure(error, source);
      if (failure === undefined) return undefined;
      throw failure;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }
}

async function open(address: string, port: number, source: string): Promise<Queries> {
  const dns = await import('node:dns/promises');
  const ip = parseIpv4(address) ?? (await lookup(dns, address, source));
  const queries = new dns.Resolver({ timeout: 3000, tries: 2 });
  queries.setServers([`${ip}:${port}`]);
  return queries;
}

async function lookup(
  dns: typeof import('node:dns/promises'),
  name: string,
  source: string,
): Promise<string> {
  try {
    return (await dns.lookup(name, { family: 4 })).address;
  } catch (error) {
    throw new SourceError('unreachable', source, `this machine cannot resolve ${name}`, { cause: error });
  }
}

function answered<T>(
  records: readonly string[] | undefined,
  parse: (text: string) => T | undefined,
): DnsAnswer<T> {
  const legal = (records ?? [])
    .map(parse)
    .filter((record): record is NonNullable<typeof record> => record !== undefined);
  return legal.length === 0 ? { status: 'none' } : { status: 'answered', records: legal };
}

function timed(family: 4 | 6, text: string, ttlSeconds: number): TimedAddress | undefined {
  const address = family === 4 ? parseIpv4(text) : isIPv6(text) ? text.toLowerCase() : undefined;
  return address === undefined ? undefined : { address, ttlSeconds };
}

/** The zone of RFC 6303 section 4.1 (private addresses, RFC 1918) that the address lies in, with its last dot. */
function emptyZone(address: Address): string | undefined {
  const [first, second] = address.split('.').map(Number) as [number, number];
  if (first === 10) return '10.in-addr.arpa.';
  if (first === 172 && second >= 16 && second <= 31) return `${second}.172.in-addr.arpa.`;
  return first === 192 && second === 168 ? '168.192.in-addr.arpa.' : undefined;
}

/** RFC 6303 section 3 asks for an SOA; Unbound's names are `localhost` and `nobody.invalid` (unbound.conf(5)). */
async function isEmptyZone(via: Queries, zone: string): Promise<boolean> {
  const soa = await via.resolveSoa(zone);
  return soa.hostmaster === 'nobody.invalid' || soa.nsname === 'localhost';
}
