import type { Evidence } from '../domain/evidence.ts';
import type { Rule } from '../domain/finding.ts';
import type { Lease } from '../domain/lease.ts';
import { seenValue, type Where } from '../domain/observation.ts';
import { mayHold } from '../domain/segment.ts';
import { exhibit, quoted, remedy, viewOf } from './exhibits.ts';

/** D17: the segment's server leases nothing to the machine, and another one does. */
export const askedTheWrongDhcpServer: Rule = {
  id: 'asked-the-wrong-dhcp-server',
  title: 'Another DHCP server than that of the segment leases to this machine.',
  link: 'lease',
  follows: [],
  check({ evidence }) {
    const { nic, segment, snapshot } = evidence;
    if (nic === undefined || segment === undefined || snapshot.lease.seen !== 'empty') return undefined;
    const [found] = leasesElsewhere(evidence);
    if (found === undefined) return undefined;
    const { server, lease, where } = found;
    const use = useOf(evidence, lease);
    // It may be left from where the machine was plugged in before.
    if (use === 'not-used') return undefined;
    const { name, dhcpServer } = segment;
    return {
      rule: askedTheWrongDhcpServer.id,
      severity: use === 'used' ? 'fault' : 'risk',
      link: askedTheWrongDhcpServer.link,
      summary: `${dhcpServer}, the DHCP server of the segment ${name}, leases nothing to ${nic.mac}, and ${server} leases it ${lease.address} with ${quoted(lease.name)}${use === 'used' ? ', which it uses' : ''}.`,
      evidence: [
        exhibit(`lease of ${nic.mac} at ${dhcpServer}`, undefined, snapshot.lease),
        exhibit(`lease of ${nic.mac} at ${server}`, `${lease.address} ${lease.name ?? ''}`.trim(), where),
        exhibit(`network of ${nic.slot}`, network(evidence), evidence.configuration),
      ],
      remedies: [
        remedy(
          evidence,
          'edit-configuration',
          { disruption: 'none', target: 'truename.yaml' },
          `Where ${server} serves that network, say so: \`dhcpServer: ${server}\` for the segment ${name}, or bridge and VLAN of each segment as they are.`,
        ),
        remedy(
          evidence,
          'move-nic',
          { disruption: 'bounce' },
          `Where it should lease at ${dhcpServer}, two servers answer in one network, or ${nic.slot} is plugged in elsewhere than meant: look at its bridge and VLAN, and at who answers a DISCOVER there.`,
        ),
      ],
    };
  },
};

interface Elsewhere {
  readonly server: string;
  readonly lease: Lease;
  readonly where: Where;
}

function leasesElsewhere({ neighbours }: Evidence): Elsewhere[] {
  return (neighbours.elsewhere ?? []).flatMap(({ dhcpServer, leases }) => {
    const [lease] = seenValue(leases) ?? [];
    return lease === undefined ? [] : [{ server: dhcpServer, lease, where: leases }];
  });
}

/** Whether the machine uses the address of that lease, by the guest's word, or by where its segment's addresses lie. */
function useOf(evidence: Evidence, { address }: Lease): 'used' | 'not-used' | 'unknown' {
  const { segment, agent } = evidence;
  const view = viewOf(evidence);
  const shown =
    view === undefined
      ? seenValue(agent)?.flatMap((each) => each.addresses)
      : view.interfaces.flatMap((each) => each.addresses.map((one) => one.address));
  if (shown !== undefined) return shown.includes(address) ? 'used' : 'not-used';
  return segment?.subnet !== undefined && mayHold(segment, address) ? 'used' : 'unknown';
}

function network({ nic }: Evidence): string {
  const vlan = nic?.vlan === undefined ? '' : `, VLAN ${nic.vlan}`;
  return `bridge ${nic?.bridge ?? 'unknown'}${vlan}`;
}
