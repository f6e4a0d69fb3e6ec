import { recordsOf } from '../domain/dns-answer.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Exhibit, Rule } from '../domain/finding.ts';
import { behindAddress, behindName } from '../domain/fixed-entry.ts';
import { seenValue } from '../domain/observation.ts';
import { exhibit, inGuest, leaseOf, remedy, shellWord } from './exhibits.ts';
import { fixedEntries, listed, ownAddresses } from './network.ts';

/** D09: DNS still says what was once, or what nobody has ever leased. */
export const staleDnsRecord: Rule = {
  id: 'stale-dns-record',
  title: 'DNS has records of this machine that no lease stands behind.',
  link: 'forward',
  follows: ['name-held-by-other', 'static-entry-shadows-lease', 'ip-drift'],
  check({ evidence }) {
    const own = ownAddresses(evidence);
    const lease = leaseOf(evidence);
    if (own.size === 0 || evidence.fqdn === undefined) return undefined;
    const stale = [...staleAddresses(evidence, own), ...staleNames(evidence)];
    const [first] = stale;
    if (first === undefined) return undefined;
    const resolvers = [...new Set(stale.map((each) => each.resolver))];
    return {
      rule: staleDnsRecord.id,
      severity: 'fault',
      link: first.link,
      summary: `${stale.map((each) => each.text).join('; ')}.`,
      evidence: [
        ...(lease === undefined
          ? [exhibit('addresses of this machine', [...own].join(', '), inGuest(evidence))]
          : [exhibit('address of the lease', lease.address, evidence.snapshot.lease)]),
        ...stale.flatMap((each) => each.exhibits),
      ],
      remedies: resolvers.map((resolver) =>
        remedy(
          evidence,
          'remove-record',
          { disruption: 'none', reach: 'segment', target: resolver },
          `Take the record away where it is kept: a host override at ${resolver} or behind it, a dynamic update that nobody took back. One that is only remembered goes by itself; sooner by ${flush(stale, resolver)}.`,
        ),
      ),
    };
  },
};

interface Stale {
  readonly link: 'forward' | 'reverse';
  readonly resolver: string;
  /** The question, as one asks for it to be forgotten. */
  readonly name: string;
  readonly text: string;
  readonly exhibits: readonly Exhibit[];
}

/** Addresses of the name that are neither the machine's nor in a lease of the name. */
function staleAddresses(evidence: Evidence, own: ReadonlySet<string>): Stale[] {
  const { fqdn = '', neighbours, snapshot } = evidence;
  if (neighbours.leases.seen === 'not-observable') return [];
  const leases = seenValue(neighbours.leases) ?? [];
  const backing = { ...evidence, own, leases, entries: fixedEntries(evidence) };
  const isStale = (address: string) => behindAddress(address, backing).by === 'nobody';
  return snapshot.resolvers.flatMap(({ resolver, forward }): Stale[] => {
    const records = (recordsOf(forward) ?? []).filter(isStale);
    if (records.length === 0) return [];
    const holders = leases.filter((each) => records.includes(each.address));
    const others = holders.map(
      ({ address, mac, name }) =>
        `${address} is leased by ${mac}${name === undefined ? '' : ` as "${name}"`}`,
    );
    return [
      {
        link: 'forward',
        resolver,
        name: fqdn,
        text: `${resolver} answers ${fqdn} with ${records.join(', ')}, which no living lease of the name has${others.length === 0 ? '' : ` (${others.join(', ')})`}`,
        exhibits: [
          exhibit(`${fqdn} at ${resolver}`, recordsOf(forward)?.join(', '), forward),
          exhibit(
            'living leases of those addresses',
            holders.map(({ address, mac }) => `${address} ${mac}`).join(', '),
            neighbours.leases,
          ),
        ],
      },
    ];
  });
}

/** Names of the lease's address that neither the machine nor its lease bears. */
function staleNames(evidence: Evidence): Stale[] {
  const { fqdn, segment, snapshot, neighbours } = evidence;
  const lease = leaseOf(evidence);
  if (lease === undefined) return [];
  const backing = { fqdn, entries: fixedEntries(evidence) };
  const isOwn = (name: string) => behindName(name, lease, segment?.domain ?? '', backing).by !== 'nobody';
  const twin = listed(neighbours.leases).some((each) => each.address === lease.address);
  return snapshot.resolvers.flatMap(({ resolver, reverse }): Stale[] => {
    const names = recordsOf(reverse) ?? [];
    if (names.length === 0 || twin || names.some(isOwn)) return [];
    const text = `${resolver} calls ${lease.address} ${names.join(', ')}, which its lease does not`;
    const name = `${lease.address.split('.').reverse().join('.')}.in-addr.arpa`;
    return [
      {
        link: 'reverse',
        resolver,
        name,
        text,
        exhibits: [
          exhibit(`name of ${lease.address} at ${resolver}`, names.join(', '), reverse),
          exhibit('name in the lease', lease.name, snapshot.lease),
        ],
      },
    ];
  });
}

function flush(stale: readonly Stale[], resolver: string): string {
  const names = stale.filter((each) => each.resolver === resolver).map(({ name }) => shellWord(name));
  return names.map((name) => `\`unbound-control flush ${name}\``).join(', ');
}
