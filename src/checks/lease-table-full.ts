import { countBetween } from '../domain/address.ts';
import type { Evidence, LeaseRoom } from '../domain/evidence.ts';
import type { ProposedRemedy, Rule, Severity } from '../domain/finding.ts';
import { seenValue } from '../domain/observation.ts';
import { exhibit, remedy } from './exhibits.ts';
import { serverOf } from './network.ts';

/** The part of a bound from which on it is said that it will soon be reached. */
const nearlyAll = 0.9;

/** D22: the server keeps no more leases, or has no address left, and so leases nothing to the machine. */
export const leaseTableFull: Rule = {
  id: 'lease-table-full',
  title: 'The DHCP server has no lease left to give, or hardly any.',
  link: 'lease',
  follows: [],
  check({ evidence }) {
    const { nic, neighbours, snapshot } = evidence;
    const { room } = neighbours;
    const seen = room === undefined ? undefined : seenValue(room);
    if (nic === undefined || room === undefined || seen === undefined || snapshot.lease.seen !== 'empty')
      return undefined;
    // Who leases elsewhere does not lack an address for the want of room here.
    if ((neighbours.elsewhere ?? []).some(({ leases }) => (seenValue(leases) ?? []).length > 0))
      return undefined;
    const [worst] = boundsOf(seen, hasAddress(evidence)).sort((left, right) => share(right) - share(left));
    if (worst === undefined || share(worst) < nearlyAll) return undefined;
    const full = share(worst) >= 1;
    const severity: Severity = full ? 'fault' : 'notice';
    const server = serverOf(evidence);
    return {
      rule: leaseTableFull.id,
      severity,
      link: leaseTableFull.link,
      summary: full
        ? `${server} leases nothing to ${nic.mac}, and has nothing left to lease: ${worst.text}.`
        : `${server} leases nothing to ${nic.mac}, and will soon have nothing left to lease to anybody: ${worst.text}.`,
      evidence: [
        exhibit(`lease of ${nic.mac} at ${server}`, undefined, snapshot.lease),
        exhibit(worst.what, `${worst.used} of ${worst.most}`, room),
      ],
      remedies: remedies(evidence, worst),
    };
  },
};

interface Bound {
  readonly kind: 'leases' | 'addresses';
  readonly used: number;
  readonly most: number;
  readonly what: string;
  readonly text: string;
}

function share({ used, most }: Bound): number {
  return most === 0 ? 1 : used / most;
}

/** What bounds this machine: all leases of the server, and the addresses of its segment unless it has one of its own. */
function boundsOf({ leases, most, ranges }: LeaseRoom, ownAddress: boolean): Bound[] {
  const bounds: Bound[] = [];
  if (most !== undefined) {
    const text = `it keeps ${most.leases} leases at most (${most.file}), and holds ${leases}`;
    bounds.push({ kind: 'leases', used: leases, most: most.leases, what: 'living leases', text });
  }
  const open = ranges.filter(({ mode }) => mode === 'dynamic');
  const size = open.reduce((sum, { from, to }) => sum + countBetween(from, to), 0);
  const used = open.reduce((sum, { taken }) => sum + taken, 0);
  if (ownAddress || open.length === 0) return bounds;
  const names = open.map(({ from, to, file }) => `${from} to ${to} (${file})`).join(', ');
  const text = `${used} of the ${size} addresses from ${names} are leased or reserved`;
  return [...bounds, { kind: 'addresses', used, most: size, what: 'addresses in use', text }];
}

/** An address that is reserved for the machine is kept for it. */
function hasAddress({ reservation }: Evidence): boolean {
  return seenValue(reservation)?.address !== undefined;
}

function remedies(evidence: Evidence, { kind }: Bound): ProposedRemedy[] {
  const target = serverOf(evidence);
  const cost = { disruption: 'none', reach: 'segment', target } as const;
  const raising =
    kind === 'leases'
      ? 'Raise `dhcp-lease-max` and restart dnsmasq; the leases that it has it keeps.'
      : 'Widen the `dhcp-range`, or add one, and restart dnsmasq; the leases that it has it keeps.';
  return [
    remedy(evidence, 'raise-limit', cost, raising),
    remedy(
      evidence,
      'release-lease',
      cost,
      `Look at \`truename leases --server ${target}\` for what is not in use any more: it goes when its time is over, or at once by \`dhcp_release\`. A shorter lease time lets clones that are gone make room sooner.`,
    ),
  ];
}
