import { recordsOf } from '../domain/dns-answer.ts';
import type { Rule } from '../domain/finding.ts';
import { isForName, whereItStands } from '../domain/fixed-entry.ts';
import { exhibit, isWanted, leaseOf, remedy } from './exhibits.ts';
import { fixedEntries, serverOf } from './network.ts';

/** D18: an entry binds the name to an address, and nobody's MAC address to either, so the lease goes where it likes. */
export const ipDrift: Rule = {
  id: 'ip-drift',
  title: 'An entry for the name, without a MAC address, has another address than the lease.',
  link: 'reservation',
  follows: ['static-entry-shadows-lease'],
  check({ evidence }) {
    const { snapshot, nic, wanted, neighbours } = evidence;
    const lease = leaseOf(evidence);
    if (lease === undefined || !isWanted(evidence, lease.name)) return undefined;
    const answered = (address: string) =>
      snapshot.resolvers.some(({ forward }) => recordsOf(forward)?.some((each) => each === address));
    const [entry] = fixedEntries(evidence).filter(
      (each) =>
        each.mac === undefined &&
        each.address !== lease.address &&
        isForName(evidence, each) &&
        // One that resolvers answer with shadows the lease.
        !answered(each.address),
    );
    if (entry === undefined) return undefined;
    const server = serverOf(evidence);
    const fate =
      entry.kind === 'reservation'
        ? 'so that its address may change when it asks anew'
        : 'and a resolver that answers with that would lead astray';
    return {
      rule: ipDrift.id,
      severity: 'risk',
      link: ipDrift.link,
      summary: `${server} has ${whereItStands(entry)} that gives ${entry.names.join(' ')} the address ${entry.address} and names no MAC address, while the lease is ${lease.address}, ${fate}.`,
      evidence: [
        exhibit(
          `fixed entry for ${entry.address}`,
          entry.names.join(' '),
          (entry.kind === 'reservation' ? neighbours.reservations : neighbours.hostEntries) ?? snapshot.lease,
        ),
        exhibit('address of the lease', lease.address, snapshot.lease),
      ],
      remedies: [
        remedy(
          evidence,
          'edit-entry',
          { disruption: 'none', reach: 'segment', target: server },
          `Make it a reservation of the MAC address (\`dhcp-host=${nic?.mac ?? 'MAC'},${entry.address},${wanted}\` on dnsmasq), or take it out of ${entry.file}.`,
        ),
      ],
    };
  },
};
