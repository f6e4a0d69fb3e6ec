import type { Evidence } from '../domain/evidence.ts';
import type { Rule } from '../domain/finding.ts';
import type { Nic } from '../domain/guest.ts';
import type { Lease } from '../domain/lease.ts';
import { seenValue } from '../domain/observation.ts';
import { exhibit, isWanted, leaseOf, quoted, remedy } from './exhibits.ts';

/** D27: one machine, two leases in one domain, and one name: whoever asked last has it. */
export const ownNicsCompete: Rule = {
  id: 'own-nics-compete',
  title: 'Two network interfaces of this machine ask for one name.',
  link: 'lease',
  follows: [],
  check({ evidence }) {
    const { nic, segment } = evidence;
    const own = leaseOf(evidence);
    if (nic === undefined || segment === undefined || own === undefined) return undefined;
    const siblings = siblingLeases(evidence);
    const [first] = siblings;
    if (first === undefined) return undefined;
    const lost =
      !isWanted(evidence, own.name) && siblings.some(({ lease }) => isWanted(evidence, lease.name));
    const holder = siblings.find(({ lease }) => isWanted(evidence, lease.name)) ?? first;
    const slots = [nic.slot, ...siblings.map((each) => each.nic.slot)].join(' and ');
    return {
      rule: ownNicsCompete.id,
      severity: lost ? 'fault' : 'risk',
      link: ownNicsCompete.link,
      summary: lost
        ? `${slots} both lease in ${segment.name}: ${holder.nic.slot} has the name ${quoted(evidence.wanted)}, and ${nic.slot} is left with ${quoted(own.name)}.`
        : `${slots} both lease in ${segment.name}: the name ${quoted(evidence.wanted)} goes to whichever asked last, and may move at each renewal.`,
      evidence: [
        exhibit(`lease of ${nic.slot} (${own.address})`, own.name, evidence.snapshot.lease),
        ...siblings.map((each) =>
          exhibit(
            `lease of ${each.nic.slot} (${each.lease.address})`,
            each.lease.name,
            evidence.neighbours.leases,
          ),
        ),
      ],
      remedies: siblings.map((each) =>
        remedy(
          evidence,
          'silence-nic',
          { disruption: 'renew' },
          `Let ${each.nic.slot} (${each.nic.mac}) send no name: with NetworkManager \`nmcli connection modify UUID ipv4.dhcp-send-hostname no\` for its profile and a reapply, with systemd-networkd \`[DHCPv4]\` \`SendHostname=no\`; then renew ${nic.slot}. Or move it to a segment of its own.`,
        ),
      ),
    };
  },
};

/** Leases in the same segment that could take the name: one that bears a name of its own does not. */
function siblingLeases(evidence: Evidence): { nic: Nic; lease: Lease }[] {
  const { nic, segment, neighbours } = evidence;
  const leases = seenValue(neighbours.leases) ?? [];
  return neighbours.nics
    .filter((each) => each.nic.mac !== nic?.mac && each.segment === segment?.name)
    .flatMap((each) => {
      const lease = leases.find((one) => one.mac === each.nic.mac);
      return lease === undefined ? [] : [{ nic: each.nic, lease }];
    })
    .filter(({ lease }) => lease.name === undefined || isWanted(evidence, lease.name));
}
