import { TruenameError } from '../domain/error.ts';
import { seenValue } from '../domain/observation.ts';
import type { DhcpServer } from '../domain/ports.ts';
import { asksDhcpServer, type Remedy } from '../domain/remedy.ts';
import type { Snapshot } from '../domain/snapshot.ts';

/** What a climb works with; all I/O is behind these. */
export interface Climb {
  /** Reads all links anew. */
  readonly observe: () => Promise<Snapshot>;
  /** The rungs that still make sense, gentlest first. */
  readonly ladder: (snapshot: Snapshot) => readonly Remedy[];
  readonly apply: (remedy: Remedy) => Promise<void>;
  readonly dhcpServer: DhcpServer;
  /** Told before each rung. */
  readonly onRung: (remedy: Remedy) => void;
  readonly sleep: (ms: number) => Promise<void>;
  readonly elapsed: () => number;
  readonly signal: AbortSignal;
}

/** How long a renewal may stay without an answer before nobody is asked again (design: 5 s). */
const answerMs = 5000;

/** A lease is written within a second of its acknowledgement; looked for this often. */
const lookEveryMs = 400;

/**
 * Climbs rung by rung, reading the lease back after each, until no rung is left to take. Returns the last
 * snapshot and the rungs that were taken. No rung asks a DHCP client for anything unless its server was just
 * seen alive, and none follows a renewal that nobody answered.
 */
export async function climb(work: Climb): Promise<{ snapshot: Snapshot; taken: Remedy[] }> {
  const taken: Remedy[] = [];
  let snapshot = await work.observe();
  for (;;) {
    const rung = work.ladder(snapshot).find((each) => !taken.some((done) => done.kind === each.kind));
    if (rung === undefined) return { snapshot, taken };
    if (asksDhcpServer(rung)) await mustBeAlive(work);
    work.onRung(rung);
    const before = snapshot;
    await work.apply(rung);
    taken.push(rung);
    snapshot = await afterRung(work, rung, before);
  }
}

async function mustBeAlive({ dhcpServer, signal }: Climb): Promise<void> {
  const life = await dhcpServer.alive(signal);
  if (life.alive) return;
  throw new TruenameError('dhcp-server-silent', `the DHCP server was not seen alive: ${life.why}`, {
    where: dhcpServer.id,
    hint: 'Nothing was asked of the guest: a renewal at a silent server can take it off the net. Mend the server, then run this again.',
  });
}

async function afterRung(work: Climb, rung: Remedy, before: Snapshot): Promise<Snapshot> {
  const deadline = work.elapsed() + answerMs;
  for (;;) {
    const now = await work.observe();
    if (!asksDhcpServer(rung) || (isRead(now) && work.ladder(now).length === 0)) return now;
    const answered = renewed(before, now);
    if (answered && work.elapsed() > deadline - answerMs / 2) return now;
    if (work.elapsed() >= deadline) {
      if (answered) return now;
      throw new TruenameError(
        'dhcp-server-silent',
        `the renewal (${rung.kind}) was not answered within ${answerMs / 1000} s`,
        {
          where: work.dhcpServer.id,
          hint: 'No further step was taken. Look at the server, then at the guest: its lease may be lost in 15 s.',
        },
      );
    }
    await work.sleep(lookEveryMs);
  }
}

/** A look that failed is no sign that nothing is left to do. */
function isRead({ guest, lease }: Snapshot): boolean {
  return guest.seen === 'value' && lease.seen !== 'not-observable';
}

/** Each acknowledgement moves the end of the lease. */
function renewed(before: Snapshot, now: Snapshot): boolean {
  const end = (snapshot: Snapshot) => seenValue(snapshot.lease)?.lease.expiresAt;
  return end(now) !== end(before) && end(now) !== undefined;
}
