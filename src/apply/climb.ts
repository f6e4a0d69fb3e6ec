import { TruenameError } from '../domain/error.ts';
import type { Lease } from '../domain/lease.ts';
import { type Observation, seenValue } from '../domain/observation.ts';
import type { DhcpServer } from '../domain/ports.ts';
import { asksDhcpServer, type Remedy } from '../domain/remedy.ts';
import type { LeaseView, Snapshot } from '../domain/snapshot.ts';

/** What a climb works with; all I/O is behind these. */
export interface Climb {
  /** Reads all links anew. */
  readonly observe: () => Promise<Snapshot>;
  /** Reads the lease alone, which is cheaper: all else is read when it moved. Left out, everything is read each time. */
  readonly observeLease?: () => Promise<Observation<LeaseView>>;
  /** Told each lease that was read so. */
  readonly onLease?: (lease: Observation<LeaseView>) => void;
  /** The rungs that still make sense after those that were taken, gentlest first. */
  readonly ladder: (snapshot: Snapshot, taken: readonly Remedy[]) => readonly Remedy[];
  /** Carries out a rung; `before` is what was seen last. */
  readonly apply: (remedy: Remedy, before: Snapshot) => Promise<void>;
  readonly dhcpServer: Pick<DhcpServer, 'id' | 'alive'>;
  /** Told before each rung. */
  readonly onRung: (remedy: Remedy) => void;
  /** Told what was read back after a rung, and how many milliseconds rung and reading took. */
  readonly onReadBack?: (remedy: Remedy, snapshot: Snapshot, ms: number) => void;
  /** How long a restarted guest may take to ask its DHCP server; without it nobody is restarted. */
  readonly bootMs?: number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly elapsed: () => number;
  readonly signal: AbortSignal;
}

/** How long a renewal may stay without an answer before nobody is asked again (design: 5 s). */
const answerMs = 5000;

/** A lease is written within a second of its acknowledgement; looked for this often. */
const lookEveryMs = 400;

/** A table is read in some milliseconds over a connection that stands. */
const lookAtLeaseEveryMs = 100;

/**
 * Climbs rung by rung, reading the lease back after each, until no rung is left to take. Returns the last
 * snapshot and the rungs that were taken. No rung asks a DHCP client for anything unless its server was just
 * seen alive, and none follows a renewal that nobody answered.
 */
export async function climb(work: Climb): Promise<{ snapshot: Snapshot; taken: Remedy[] }> {
  const taken: Remedy[] = [];
  let snapshot = await work.observe();
  for (;;) {
    const rung = work.ladder(snapshot, taken).find((each) => !taken.some((done) => done.kind === each.kind));
    if (rung === undefined) return { snapshot, taken };
    if (asksDhcpServer(rung)) await mustBeAlive(work);
    work.onRung(rung);
    const before = snapshot;
    const began = work.elapsed();
    await work.apply(rung, before);
    taken.push(rung);
    snapshot = await afterRung(work, rung, before, taken);
    work.onReadBack?.(rung, snapshot, work.elapsed() - began);
  }
}

/** Throws where the DHCP server was not just seen alive: nothing is asked of a guest then. */
export async function mustBeAlive({ dhcpServer, signal }: Climb): Promise<void> {
  const life = await dhcpServer.alive(signal);
  if (life.alive) return;
  throw new TruenameError('dhcp-server-silent', `the DHCP server was not seen alive: ${life.why}`, {
    where: dhcpServer.id,
    hint: 'Nothing was asked of the guest: a renewal at a silent server can take it off the net. Mend the server, then run this again.',
  });
}

async function afterRung(
  work: Climb,
  rung: Remedy,
  before: Snapshot,
  taken: readonly Remedy[],
): Promise<Snapshot> {
  const began = work.elapsed();
  const patience = rung.disruption === 'reboot' ? (work.bootMs ?? answerMs) : answerMs;
  if (asksDhcpServer(rung)) await leaseMoved(work, before, began + patience);
  for (;;) {
    const now = await work.observe();
    if (!asksDhcpServer(rung) || (isRead(now) && work.ladder(now, taken).length === 0)) return now;
    const answered = renewed(before, now);
    const waited = work.elapsed() - began;
    if (answered && waited > Math.min(patience, answerMs / 2)) return now;
    if (waited >= patience) throw unanswered(work, rung, patience);
    await work.sleep(lookEveryMs);
  }
}

/** Resolves when the lease is another than before, or its time is over. */
async function leaseMoved(work: Climb, before: Snapshot, deadline: number): Promise<void> {
  const { observeLease } = work;
  if (observeLease === undefined) return;
  const was = leaseIn(before.lease);
  for (;;) {
    const lease = await observeLease();
    work.onLease?.(lease);
    const now = leaseIn(lease);
    const moved = now !== undefined && (now.expiresAt !== was?.expiresAt || now.name !== was?.name);
    if (moved || work.elapsed() >= deadline) return;
    await work.sleep(lookAtLeaseEveryMs);
  }
}

function leaseIn(lease: Observation<LeaseView>): Lease | undefined {
  return seenValue(lease)?.lease;
}

function unanswered({ dhcpServer }: Climb, rung: Remedy, patience: number): TruenameError {
  return new TruenameError(
    'renewal-unanswered',
    `the renewal (${rung.kind}) was not answered within ${patience / 1000} s`,
    {
      where: dhcpServer.id,
      hint: 'No further step was taken. Look at the server, then at the guest: its lease may be lost in 15 s.',
    },
  );
}

/** A look that failed is no sign that nothing is left to do. */
function isRead({ guest, lease }: Snapshot): boolean {
  return guest.seen === 'value' && lease.seen !== 'not-observable';
}

/** Each acknowledgement moves the end of the lease. */
function renewed(before: Snapshot, now: Snapshot): boolean {
  const end = (snapshot: Snapshot) => leaseIn(snapshot.lease)?.expiresAt;
  return end(now) !== end(before) && end(now) !== undefined;
}
