import type { Link, NameChain } from '../domain/chain.ts';
import { type CloudInitSeed, seedName } from '../domain/cloud-init-seed.ts';
import { addressingOf, type Evidence } from '../domain/evidence.ts';
import { isWindows } from '../domain/guest.ts';
import { type Fqdn, firstLabel, sameName } from '../domain/name.ts';
import { type Observation, observed, seenValue } from '../domain/observation.ts';
import { chainOf } from './chain.ts';

/**
 * The chain of an examined machine: that of its snapshot, with what the hypervisor gives to cloud-init, the
 * reservation and AAAA records, and with the links that a guest of its kind does without.
 */
export function evidenceChain(evidence: Evidence): NameChain {
  const { snapshot, wanted, fqdn } = evidence;
  // Without a segment there are no resolvers, and nothing is compared with a full name.
  const chain = chainOf(snapshot, wanted, fqdn ?? (wanted as Fqdn));
  const links = chain.links.flatMap((link) => {
    if (link.link === 'cloud-init') return [cloudInitLink(link, evidence)];
    if (link.link === 'lease') return [link, reservationLink(evidence)];
    if (link.link === 'forward') return [forwardLink(link, evidence), ...ipv6Link(link, evidence)];
    return [link];
  });
  return { wanted, links: links.map((link) => asItsKind(link, evidence)) };
}

/** What the next start gives is what counts; where nobody can read that, what the guest says it was given. */
function cloudInitLink(inGuest: Link, { seed, wanted }: Evidence): Link {
  if (seed.seen === 'not-observable') return inGuest;
  const given: Observation<string> =
    seed.seen === 'value' ? observed(seedName(seed.value), seed) : { ...seed, seen: 'empty' };
  const note = seed.seen === 'value' ? seedNote(seed.value) : 'no cloud-init drive';
  return { link: 'cloud-init', name: given, state: stateOf(given, wanted), note };
}

function seedNote(seed: CloudInitSeed): string {
  const where = seed.localHostname === undefined ? 'in user-data only' : 'in meta-data';
  const custom = seed.custom.length === 0 ? [] : [`custom: ${seed.custom.join(', ')}`];
  return [...(seedName(seed) === undefined ? [] : [where]), ...custom].join('; ');
}

function reservationLink({ reservation, wanted }: Evidence): Link {
  const name: Observation<string> =
    reservation.seen === 'value' ? observed(reservation.value.name, reservation) : reservation;
  const note = reservation.seen === 'value' ? { note: reservation.value.file } : {};
  return { link: 'reservation', name, state: stateOf(name, wanted), ...note };
}

/** A guest with a fixed address has no lease: its own word for its address stands in. */
function forwardLink(link: Link, evidence: Evidence): Link {
  if (addressingOf(evidence) !== 'static' || link.name.seen !== 'value') return link;
  const addresses = shownAddresses(evidence);
  if (addresses.length === 0) return { ...link, state: 'unknown' };
  const records = link.name.value.split(', ');
  return { ...link, state: records.every((each) => addresses.includes(each)) ? 'right' : 'wrong' };
}

function shownAddresses({ snapshot, nic }: Evidence): string[] {
  const own = seenValue(snapshot.guest)?.interfaces.flatMap((each) =>
    each.addresses.map((one) => one.address),
  );
  if (own !== undefined) return own;
  return typeof nic?.ipv4 === 'object' ? [nic.ipv4.fixed] : [];
}

/** AAAA records are looked at for foreign addresses only: a guest that has none needs no record. */
function ipv6Link(forward: Link, { snapshot }: Evidence): Link[] {
  const view = snapshot.resolvers.find((each) => each.resolver === forward.of);
  const answer = view?.forward6;
  if (answer === undefined || forward.of === undefined) return [];
  const base = { link: 'forward-ipv6' as const, of: forward.of };
  if (answer.seen !== 'value') return [{ ...base, name: answer, state: 'unknown' }];
  if (answer.value.status === 'not-served') {
    return [{ ...base, name: { ...answer, seen: 'empty' }, state: 'unserved', note: answer.value.why }];
  }
  const records = answer.value.status === 'answered' ? answer.value.records : [];
  const name = observed(records.join(', '), answer);
  if (records.length === 0) return [{ ...base, name, state: 'unused' }];
  const guest = seenValue(snapshot.guest);
  const own = guest?.interfaces.flatMap((each) => each.ipv6);
  if (own === undefined) return [{ ...base, name, state: 'unknown' }];
  return [{ ...base, name, state: records.every((each) => own.includes(each)) ? 'right' : 'wrong' }];
}

/** Links that this kind of guest does without, or that nobody looks at in it. */
function asItsKind(link: Link, evidence: Evidence): Link {
  const inGuest = ['declaration', 'static', 'transient', 'dhcp-client', 'next-boot'].includes(link.link);
  const configuration = seenValue(evidence.configuration);
  if (inGuest && configuration !== undefined && isWindows(configuration))
    return { ...link, state: 'unsupported' };
  const byDhcp = ['dhcp-client', 'next-boot', 'lease', 'reservation'].includes(link.link);
  if (byDhcp && addressingOf(evidence) === 'static') {
    return { ...link, state: 'unused', note: fixedNote(evidence) };
  }
  if (link.state === 'absent' && mayBeAbsent(link, evidence)) return { ...link, state: 'unused' };
  return link;
}

function fixedNote({ nic }: Evidence): string {
  return typeof nic?.ipv4 === 'object' ? 'fixed address, by the hypervisor' : 'fixed address: no DHCP guest';
}

/** No cloud-init, no NixOS, no reservation: a machine may well do without. */
function mayBeAbsent({ link }: Link, { snapshot }: Evidence): boolean {
  if (link === 'declaration') return seenValue(snapshot.guest)?.nixos.current === undefined;
  return link === 'cloud-init' || link === 'reservation';
}

function stateOf(seen: Observation<string>, wanted: string): Link['state'] {
  if (seen.seen === 'not-observable') return 'unknown';
  if (seen.seen === 'empty') return 'absent';
  return sameName(firstLabel(seen.value), wanted) ? 'right' : 'wrong';
}
