import { isWithoutRecord, recordsOf } from '../domain/dns-answer.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Rule } from '../domain/finding.ts';
import { seenValue } from '../domain/observation.ts';
import { exhibit, isWanted, leaseOf, quoted, remedy } from './exhibits.ts';
import { serverOf } from './network.ts';

/** D25: two servers hold the same lease, and one of them without its name, so that whoever is told by that one knows none. */
export const haPeerLacksNames: Rule = {
  id: 'ha-peer-lacks-names',
  title: 'Another DHCP server holds the same lease without the name.',
  link: 'lease',
  follows: [],
  check({ evidence }) {
    const { neighbours, snapshot, fqdn } = evidence;
    const lease = leaseOf(evidence);
    const lost = snapshot.resolvers.filter(({ forward }) => isWithoutRecord(forward));
    if (lease === undefined || !isWanted(evidence, lease.name) || lost.length === 0) return undefined;
    const [peer] = (neighbours.elsewhere ?? []).flatMap(({ dhcpServer, leases }) => {
      // One with another address is no copy: it is left from another segment.
      const copy = seenValue(leases)?.find(({ address }) => address === lease.address);
      return copy === undefined || isWanted(evidence, copy.name) ? [] : [{ dhcpServer, copy, leases }];
    });
    if (peer === undefined) return undefined;
    const { dhcpServer, copy, leases } = peer;
    const server = serverOf(evidence);
    const resolvers = lost.map(({ resolver }) => resolver).join(' and ');
    return {
      rule: haPeerLacksNames.id,
      severity: 'fault',
      link: haPeerLacksNames.link,
      summary: `${server} holds the lease of ${lease.address} as ${quoted(lease.name)}, and ${dhcpServer} holds it with ${quoted(copy.name)}; ${resolvers} does not know ${fqdn ?? lease.name}.`,
      evidence: [
        exhibit(`name in the lease of ${lease.address} at ${server}`, lease.name, snapshot.lease),
        exhibit(`name in the lease of ${lease.address} at ${dhcpServer}`, copy.name, leases),
        ...lost.map(({ resolver, forward }) =>
          exhibit(`${fqdn} at ${resolver}`, recordsOf(forward)?.join(', '), forward),
        ),
      ],
      remedies: remedies(evidence, dhcpServer, resolvers),
    };
  },
};

function remedies(evidence: Evidence, peer: string, resolvers: string) {
  const server = serverOf(evidence);
  const cost = { disruption: 'none', reach: 'segment' } as const;
  return [
    remedy(
      evidence,
      'synchronise-leases',
      { ...cost, target: peer },
      `Let ${peer} take the leases from ${server} anew, names too: on Kea with its HA hook \`ha-sync\`, then \`lease4-resend-ddns\` for this address. A client's next renewal brings the name only to the server that answers it.`,
    ),
    remedy(
      evidence,
      'forward-domain',
      { ...cost, target: resolvers },
      `Or let ${resolvers} ask the DNS that ${server} tells of its leases, beside or instead of that of ${peer}.`,
    ),
  ];
}
