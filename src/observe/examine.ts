import type { Evidence } from '../domain/evidence.ts';
import type { GuestSummary, Nic } from '../domain/guest.ts';
import { type Observation, observed, seenValue } from '../domain/observation.ts';
import type { PinnedHostKeys, Shell } from '../domain/ports.ts';
import { type Reservation, reservationOf } from '../domain/reservation.ts';
import { attempt } from './attempt.ts';
import { concerningReservations } from './concerning-reservations.ts';
import type { ExamineSources } from './examine-sources.ts';
import { followUp } from './follow-up.ts';
import { seedOf, shownInterfaces, watchWire } from './hypervisor-looks.ts';
import { concerningLeases, type LeaseSubject } from './leases.ts';
import { namesakesOf } from './place.ts';
import { readLinks } from './read-links.ts';
import { answeredAddresses } from './resolvers.ts';
import type { Look } from './server-tables.ts';
import { type Subject, subjectOf } from './subject.ts';

/** How a machine is looked at. */
export interface ExamineOptions {
  /** All guests, for templates and namesakes. */
  readonly inventory: readonly GuestSummary[];
  /** For one look at one source, in milliseconds. */
  readonly patienceMs: number;
  /** Take the power that the list says: for many guests, each of which is entered anyway. */
  readonly trustsList?: boolean;
  /** Listen to the DHCP packets of the NIC for this time; absent: not at all. */
  readonly watchWireSeconds?: number;
}

/** Reads every link of one machine, all sources at once; what cannot be read is an observation, not an error. */
export async function examine(
  sources: ExamineSources,
  guest: GuestSummary,
  options: ExamineOptions,
  signal: AbortSignal,
): Promise<Evidence> {
  return (await examineAndEnter(sources, guest, options, signal)).evidence;
}

/** A machine that was looked at, and the way into it for whoever goes on. */
export interface Examined {
  readonly evidence: Evidence;
  /** Absent where nobody could enter. */
  readonly shell?: Shell;
  /** Under which its host keys are pinned: number and uuid in one word. */
  readonly alias: string;
}

/** {@link examine}, and the shell by which the guest was entered. */
export async function examineAndEnter(
  sources: ExamineSources,
  guest: GuestSummary,
  options: ExamineOptions,
  signal: AbortSignal,
): Promise<Examined> {
  const bounded = (longerMs = 0) =>
    AbortSignal.any([signal, AbortSignal.timeout(options.patienceMs + longerMs)]);
  const look: Look = (source, read, longerMs) =>
    attempt(source, sources.now, signal, read, () => bounded(longerMs));
  const subject = await subjectOf(sources, guest, look, options);
  const pin = await look(`host keys of ${subject.alias}`, () => sources.hostKeys.pinned(subject.alias));
  const shown = look(`${guest.kind === 'vm' ? 'guest agent' : 'interfaces'} of ${subject.where}`, (until) =>
    shownInterfaces(sources.hypervisor, subject.guest, seenValue(subject.configuration), until),
  );
  const [links, beside] = await Promise.all([
    readLinks(sources, subject, {
      // Where nobody can read the pin, the user's own known_hosts files are no substitute for it.
      pinned: pin.seen !== 'empty',
      shown,
      look,
      signal,
      bounded,
    }),
    readBeside(sources, subject, shown, look, options.watchWireSeconds),
  ]);
  const { configuration, place, wanted } = subject;
  const { entered, table } = links;
  const concerned: LeaseSubject = {
    wanted,
    nic: place.nic,
    nics: seenValue(configuration)?.nics ?? [],
    clientId: seenValue(entered.guest)?.client?.clientId,
    answered: answeredAddresses(links.resolvers),
  };
  const seen: Evidence = {
    takenAt: sources.now(),
    guest: subject.guest,
    configuration,
    nic: place.nic,
    segment: place.segment,
    wanted,
    fqdn: subject.fqdn,
    seed: beside.seed,
    entry: entered.entry,
    agent: beside.agent,
    hostKeys: compareKeys(pin, entered.hostKeys),
    snapshot: {
      hypervisor: subject.named,
      guest: entered.guest,
      lease: links.lease,
      resolvers: links.resolvers,
    },
    reservation: reservationIn(links.reservations, place.nic),
    neighbours: {
      templates: options.inventory.flatMap((each) => (each.template ? (each.name ?? []) : [])),
      namesakes: namesakesOf(guest, wanted, options.inventory),
      leases: concerningLeases(table, concerned),
      nics: place.nics,
      reservations: concerningReservations(links.reservations, concerned, seenValue(links.lease)?.lease),
    },
    ...(beside.wire === undefined ? {} : { wire: beside.wire }),
  };
  const evidence = await followUp(
    sources,
    seen,
    { inventory: options.inventory, table, reservations: links.reservations },
    look,
  );
  const { shell } = entered;
  return { evidence, alias: subject.alias, ...(shell === undefined ? {} : { shell }) };
}

/** What stands beside the chain: what the hypervisor gives and sees, and what was pinned. */
async function readBeside(
  sources: ExamineSources,
  { guest, where, configuration, place }: Subject,
  shown: Promise<Evidence['agent']>,
  look: Look,
  seconds: number | undefined,
) {
  const known = seenValue(configuration);
  const [seed, agent, wire] = await Promise.all([
    look(`cloud-init data of ${where}`, (signal) => seedOf(sources, known, signal)),
    shown,
    seconds === undefined
      ? undefined
      : look(
          `wire of ${where}`,
          (signal) => watchWire(sources, guest, place.nic, seconds, signal),
          seconds * 1000,
        ),
  ]);
  return { seed, agent, wire };
}

function reservationIn(
  reservations: Observation<readonly Reservation[]>,
  nic: Nic | undefined,
): Observation<Reservation> {
  if (reservations.seen !== 'value') return reservations;
  return observed(nic === undefined ? undefined : reservationOf(reservations.value, nic.mac), reservations);
}

function compareKeys(
  pinned: Observation<PinnedHostKeys>,
  shown: readonly string[] | undefined,
): Evidence['hostKeys'] {
  if (pinned.seen === 'empty') return 'not-pinned';
  if (pinned.seen === 'not-observable' || shown === undefined || shown.length === 0) return 'unknown';
  return shown.every((key) => pinned.value.keys.includes(key)) ? 'as-pinned' : 'differ';
}
