import { recordsOf } from '../domain/dns-answer.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Exhibit, ProposedRemedy, Rule } from '../domain/finding.ts';
import { type FixedEntry, gives, isForName, whereItStands } from '../domain/fixed-entry.ts';
import type { Lease } from '../domain/lease.ts';
import { firstLabel, sameName } from '../domain/name.ts';
import { seenValue, type Where } from '../domain/observation.ts';
import { exhibit, isWanted, leaseOf, quoted, remedy } from './exhibits.ts';
import { fixedEntries, ownMacs, serverOf } from './network.ts';
import { renewals } from './proposals.ts';

/** D05: what somebody entered at the server by hand counts before what it has leased. */
export const staticEntryShadowsLease: Rule = {
  id: 'static-entry-shadows-lease',
  title: 'A fixed entry at the DHCP server says otherwise than the lease.',
  link: 'reservation',
  follows: [],
  check({ evidence }) {
    const lease = leaseOf(evidence);
    if (lease === undefined || evidence.fqdn === undefined) return undefined;
    const [shadow] = shadows(evidence, lease);
    if (shadow === undefined) return undefined;
    const { entry, effect, exhibits } = shadow;
    return {
      rule: staticEntryShadowsLease.id,
      severity: 'fault',
      link: staticEntryShadowsLease.link,
      summary: `${serverOf(evidence)} has ${whereItStands(entry)} that says ${entry.names.join(' ')} is ${entry.address}, so ${effect}; the lease is ${lease.address} with ${quoted(lease.name)}.`,
      evidence: [
        exhibit(`fixed entry for ${entry.address}`, entry.names.join(' '), whereOf(evidence, entry)),
        exhibit(`name in the lease of ${lease.address}`, lease.name, evidence.snapshot.lease),
        ...exhibits,
      ],
      remedies: remedies(evidence, entry),
    };
  },
};

interface Shadow {
  readonly entry: FixedEntry;
  /** What follows from it, for people. */
  readonly effect: string;
  readonly exhibits: readonly Exhibit[];
}

/** Entries whose effect was seen: an answer of a resolver, or the name of the lease. */
function shadows(evidence: Evidence, lease: Lease): Shadow[] {
  const { snapshot, fqdn } = evidence;
  return fixedEntries(evidence).flatMap((entry): Shadow[] => {
    const { address } = entry;
    if (address !== lease.address && isForName(evidence, entry)) {
      const shadowed = snapshot.resolvers.filter(({ forward }) => recordsOf(forward)?.includes(address));
      if (shadowed.length === 0) return [];
      const effect = `${list(shadowed.map((each) => each.resolver))} answers ${fqdn} with ${address}`;
      const exhibits = shadowed.map(({ resolver, forward }) =>
        exhibit(`${fqdn} at ${resolver}`, recordsOf(forward)?.join(', '), forward),
      );
      return [{ entry, effect, exhibits }];
    }
    return address === lease.address ? otherNames(evidence, lease, entry) : [];
  });
}

/** The lease's address under another name: in a PTR record, or in the lease itself, to which dnsmasq gives the entry's name. */
function otherNames(evidence: Evidence, lease: Lease, entry: FixedEntry): Shadow[] {
  const { snapshot, fqdn } = evidence;
  // That of its own MAC address is for the server's rule of names.
  if (entry.mac !== undefined && ownMacs(evidence).has(entry.mac)) return [];
  const foreign = (name: string) => !sameName(name, fqdn) && gives(entry, name);
  const reversed = snapshot.resolvers.flatMap(({ resolver, reverse }) => {
    const names = recordsOf(reverse) ?? [];
    if (names.some((name) => sameName(name, fqdn)) || !names.some(foreign)) return [];
    return [{ resolver, reverse, text: names.join(', ') }];
  });
  const [first] = reversed;
  const isLeased =
    entry.kind === 'host-entry' &&
    !isWanted(evidence, lease.name) &&
    gives(entry, lease.name) &&
    !sameName(firstLabel(seenValue(evidence.reservation)?.name), firstLabel(lease.name));
  if (first === undefined && !isLeased) return [];
  const effect = isLeased
    ? `the lease of that address bears ${quoted(lease.name)}, whatever the guest sends`
    : `${list(reversed.map((each) => each.resolver))} answers ${lease.address} with ${first?.text}`;
  const exhibits = reversed.map(({ resolver, reverse, text }) =>
    exhibit(`name of ${lease.address} at ${resolver}`, text, reverse),
  );
  return [{ entry, effect, exhibits }];
}

function whereOf({ neighbours, reservation }: Evidence, { kind }: FixedEntry): Where {
  const seen = kind === 'host-entry' ? neighbours.hostEntries : neighbours.reservations;
  return seen ?? reservation;
}

function remedies(evidence: Evidence, entry: FixedEntry): ProposedRemedy[] {
  const { nic, wanted } = evidence;
  const server = serverOf(evidence);
  const cost = { disruption: 'none', reach: 'segment', target: server } as const;
  if (entry.mac !== undefined && ownMacs(evidence).has(entry.mac)) {
    const how = `Let the reservation in ${entry.file} name the address that the lease has, or none; or let the guest move to ${entry.address}:`;
    return [remedy(evidence, 'edit-reservation', cost, how), ...renewals(evidence)];
  }
  const instead =
    nic === undefined ? '' : `; where the address is to stay, reserve it for ${nic.mac} and ${wanted}`;
  const how = `Take ${entry.names.join(' ')} out of ${entry.file}, or correct it${instead}. dnsmasq reads files of hosts anew at SIGHUP, its configuration at a restart; in OPNsense it is a host of Dnsmasq, and Apply.`;
  return [remedy(evidence, 'edit-entry', cost, how)];
}

function list(words: readonly string[]): string {
  return words.join(' and ');
}
