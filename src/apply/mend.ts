import { TruenameError } from '../domain/error.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { EmitFix, EventGuest } from '../domain/fix-event.ts';
import type { GuestWrite, JournalledGuest } from '../domain/journal.ts';
import type { Mac } from '../domain/mac.ts';
import { type Fqdn, type Hostname, parseHostname } from '../domain/name.ts';
import { seenValue } from '../domain/observation.ts';
import type { DhcpServer, Outage, Shell } from '../domain/ports.ts';
import { asksDhcpServer, type Remedy } from '../domain/remedy.ts';
import type { GuestView, Snapshot } from '../domain/snapshot.ts';
import { observeLease, takeSnapshot } from '../observe/snapshot.ts';
import type { FixPolicy } from '../plan/decide.ts';
import { ladder, transientRemedy } from '../plan/ladder.ts';
import { writesOf } from '../plan/writes.ts';
import { type Climb, climb, mustBeAlive } from './climb.ts';
import type { TakenRung } from './fix-result.ts';
import type { MendSources } from './mend-sources.ts';

/** A guest that is to be mended, and the way into it. */
export interface MendSubject {
  readonly evidence: Evidence;
  readonly shell: Shell;
  readonly alias: string;
  /** Steps for its other NICs, to be taken first. */
  readonly silences: readonly Remedy[];
}

/** The run that a mending belongs to. */
export interface MendRun {
  readonly policy: FixPolicy;
  readonly emit: EmitFix;
  readonly signal: AbortSignal;
}

/** What was done so far; filled as it happens, so that a mending that fails half way has said what it did. */
export interface Mending {
  readonly taken: TakenRung[];
  last?: Snapshot;
  outage?: Outage;
}

/** How long ago evidence may be to climb by; older is read anew. */
const freshMs = 10_000;

/**
 * Silences the machine's other NICs, climbs the ladder with the lease read back after each rung, and sets the
 * kernel's name last. Writes are journalled before they are made.
 */
export async function mendGuest(
  sources: MendSources,
  subject: MendSubject,
  run: MendRun,
  mending: Mending,
): Promise<void> {
  const { evidence, silences } = subject;
  const { wanted: text, fqdn, nic, segment } = evidence;
  const wanted = parseHostname(text);
  if (wanted === undefined || fqdn === undefined || nic === undefined || segment === undefined)
    throw new TruenameError('internal', 'a guest without name, NIC or segment was to be mended');
  const address = seenValue(evidence.snapshot.lease)?.lease.address;
  // Watched from before the first rung, which waits for that; what comes before the rung need not.
  const watching = address === undefined ? undefined : sources.reachability.watch(address, run.signal);
  const server = sources.dhcpServer(segment.dhcpServer);
  const work = climbing(sources, subject, { ...run, wanted, fqdn, mac: nic.mac, server, watching }, mending);
  try {
    for (const remedy of silences) await takeBeside(work, remedy, evidence.snapshot);
    const { snapshot } = await climb(work);
    mending.last = snapshot;
    const transient = transientRemedy(snapshot, wanted);
    if (transient !== undefined) await takeBeside(work, transient, snapshot);
  } finally {
    const watched = await watching;
    if (watched !== undefined) mending.outage = await watched.stop();
  }
}

/** A rung outside of the climb: it is no reason to climb further, but it is read back like any other. */
async function takeBeside(work: Climb, remedy: Remedy, before: Snapshot): Promise<void> {
  if (asksDhcpServer(remedy)) await mustBeAlive(work);
  const began = work.elapsed();
  work.onRung(remedy);
  await work.apply(remedy, before);
  work.onReadBack?.(remedy, await work.observe(), work.elapsed() - began);
}

interface Climbing extends MendRun {
  readonly wanted: Hostname;
  readonly fqdn: Fqdn;
  readonly server: DhcpServer;
  readonly mac: Mac;
  readonly watching: Promise<unknown> | undefined;
}

function climbing(
  sources: MendSources,
  subject: MendSubject,
  { policy, emit, signal, wanted, fqdn, mac, server, watching }: Climbing,
  mending: Mending,
): Climb {
  const { clock, state } = sources;
  const { evidence, shell, alias } = subject;
  const guest = eventGuest(evidence);
  const journalled = journalledGuest(evidence, alias);
  const first = freshFirst(sources, evidence);
  let known = seenValue(evidence.snapshot.guest);
  return {
    observe: async () => first.take() ?? look(sources, subject, { fqdn, known }, signal),
    observeLease: () => observeLease({ dhcpServer: server, now: sources.now }, mac, signal),
    onLease: (lease) =>
      emit({
        type: 'lease-read',
        at: clock.now(),
        guest,
        lease: seenValue(lease)?.lease.name ?? null,
      }),
    ladder: (seen, taken) => ladder(seen, wanted, { limits: policy.limits, taken }),
    dhcpServer: { id: server.id, alive: (until) => aliveAndIdle(sources, server, until) },
    onRung: (remedy) => emit({ type: 'rung-started', at: clock.now(), guest, remedy }),
    async apply(remedy, before) {
      first.take();
      const view = seenValue(before.guest);
      const writes = writesOf(remedy, view);
      const numbers: number[] = [];
      for (const write of writes) {
        if (state !== undefined) numbers.push(await state.journal.writing(journalled, write));
        emit({ type: 'writing', at: clock.now(), guest, kind: write.kind });
      }
      await watching;
      mending.taken.push({ remedy, seconds: 0, lease: null });
      if (remedy.kind === 'reboot-guest') {
        known = undefined;
        await reboot(sources, evidence, signal);
      } else await sources.apply(shell, remedy, signal);
      for (const number of numbers) await state?.journal.written(number);
      if (writes.some(givesName)) await state?.names.remember(alias, wanted);
    },
    onReadBack(remedy, snapshot, ms) {
      const lease = seenValue(snapshot.lease)?.lease.name ?? null;
      // In the place of what was noted when it was begun: one that nobody answers was taken too.
      mending.taken.splice(-1, 1, { remedy, seconds: ms / 1000, lease });
      mending.last = snapshot;
      emit({ type: 'rung-ended', at: clock.now(), guest, kind: remedy.kind, seconds: ms / 1000, lease });
    },
    sleep: (ms) => clock.sleep(ms, signal),
    elapsed: clock.elapsed,
    bootMs: sources.patience.bootMs,
    signal,
  };
}

/** A renewal gives no name: what it carries was set by somebody before. */
function givesName({ kind, wrote }: GuestWrite): boolean {
  if (kind === 'drop-in') return typeof wrote === 'object';
  return kind !== 'profile-sends-name' && wrote !== '';
}

/** The first look is the one that the decision was made by, if that was just now and nothing was done since. */
function freshFirst(
  { clock }: MendSources,
  { snapshot, takenAt }: Evidence,
): { take(): Snapshot | undefined } {
  let first: Snapshot | undefined = snapshot;
  return {
    take() {
      const known = first;
      first = undefined;
      const age = Date.parse(clock.now()) - Date.parse(takenAt);
      return age >= 0 && age < freshMs ? known : undefined;
    },
  };
}

async function look(
  sources: MendSources,
  { evidence, shell }: MendSubject,
  { fqdn, known }: { readonly fqdn: Fqdn; readonly known: GuestView | undefined },
  signal: AbortSignal,
): Promise<Snapshot> {
  const { nic, segment, snapshot } = evidence;
  const nameAtHypervisor = seenValue(snapshot.hypervisor) ?? '';
  const server = sources.dhcpServer(segment?.dhcpServer ?? '');
  return takeSnapshot(
    {
      shell,
      probes: sources.probes,
      dhcpServer: server,
      resolvers: [],
      now: sources.now,
      ...(known === undefined ? {} : { known }),
    },
    { nameAtHypervisor, mac: nic?.mac as NonNullable<typeof nic>['mac'], fqdn },
    signal,
  );
}

/** Nothing is asked of a guest while a change of its server is under way: the server may restart at any moment. */
async function aliveAndIdle(sources: MendSources, server: DhcpServer, signal: AbortSignal) {
  const writer = await sources.state?.locks.holder(`dhcp-server-${server.id}`);
  if (writer === undefined) return server.alive(signal);
  return {
    alive: false as const,
    why: `run ${writer.run} (process ${writer.pid} on ${writer.host}) changes it since ${writer.since}`,
  };
}

async function reboot(
  { reboot: restart }: MendSources,
  { guest }: Evidence,
  signal: AbortSignal,
): Promise<void> {
  if (restart === undefined || guest.kind === 'container')
    throw new TruenameError('unsupported', `the hypervisor cannot be asked to restart this ${guest.kind}`);
  await restart(guest.ref, signal);
}

/** The guest as events and journal name it. */
export function eventGuest({ guest, wanted }: Pick<Evidence, 'guest' | 'wanted'>): EventGuest {
  return { name: guest.name ?? wanted, ref: guest.ref };
}

function journalledGuest({ guest, wanted }: Evidence, alias: string): JournalledGuest {
  return { ref: guest.ref, kind: guest.kind, name: guest.name ?? wanted, alias };
}
