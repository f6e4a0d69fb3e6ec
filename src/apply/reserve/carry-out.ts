import { asTruenameError } from '../../domain/error.ts';
import { leasesOf } from '../../domain/lease.ts';
import type { DhcpServer } from '../../domain/ports.ts';
import type { ServerView } from '../../plan/reservation-clash.ts';
import type { ReadBack, ReservationResult, ServerWrite } from './result.ts';
import { settleEarlier } from './settle.ts';
import type { ReserveSources } from './sources.ts';
import { type Writing, type Written, writeAll } from './write.ts';

/** One guest's share of a write: what is written, and what is told of it as long as it is only planned. */
export interface PlannedWrite extends Writing {
  readonly result: ReservationResult;
}

/** What is to be written at one server. */
export interface ServerTurn {
  readonly server: DhcpServer;
  readonly view: ServerView;
  readonly writes: readonly PlannedWrite[];
}

/** What came of it. */
export interface ServerTurnResult {
  readonly server: ServerWrite;
  readonly results: readonly ReservationResult[];
}

/** Writes a server's share at once and reads it back; without a memory, as in a dry run, it stays a plan. */
export async function carryOut(
  sources: ReserveSources,
  { server, view, writes }: ServerTurn,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<ServerTurnResult> {
  const { memory } = sources;
  const { place, own } = view.standing;
  const change = writes.map(({ difference }) => difference);
  const reach = change.length === 0 ? null : (server.reserving?.reach(change) ?? null);
  const paused = reach === null ? undefined : await sources.pauses?.last(server.id);
  const lastPauseSeconds = paused === undefined ? {} : { lastPauseSeconds: tenths(paused) };
  const told = { id: server.id, place, reach, ...lastPauseSeconds };
  if (memory === undefined)
    return { server: { ...told, writes: 0 }, results: writes.map(({ result }) => result) };
  await settleEarlier(memory, await sources.runs(), server.id, own, say);
  if (writes.length === 0) return { server: { ...told, writes: 0 }, results: [] };
  say(`${server.id}: ${writes.length} in one write to ${place}; ${feltBy(told)}`);
  try {
    const all = await writeAll(sources, memory, server, view, writes, signal);
    const results = writes.map(({ result }, index) => {
      const leased = result.mac !== undefined && leasesOf(view.leases, result.mac).length > 0;
      return ended(result, leased, all.written[index] ?? { readBack: [] });
    });
    return { server: { ...told, writes: all.writes }, results };
  } catch (error) {
    signal.throwIfAborted();
    const known = asTruenameError(error);
    const results = writes.map(({ result }) => ended(result, false, { readBack: [], error: known }));
    return { server: { ...told, writes: 0 }, results };
  } finally {
    await remember(sources, server);
  }
}

function feltBy({ reach, lastPauseSeconds }: Pick<ServerWrite, 'reach' | 'lastPauseSeconds'>): string {
  if (reach === 'guest' || reach === null) return 'nobody else feels it';
  const last =
    lastPauseSeconds === undefined ? '' : `: it answered nobody for ${lastPauseSeconds} s last time`;
  return `felt by the ${reach}${last}`;
}

/** That a pause is not remembered is no reason to call what was written unwritten. */
async function remember({ pauses }: ReserveSources, { id, reserving }: DhcpServer): Promise<void> {
  const paused = reserving?.pausedMs?.();
  if (paused !== undefined) await pauses?.remember(id, paused).catch(() => undefined);
}

/** `leased`: there was a lease before the write. */
function ended(planned: ReservationResult, leased: boolean, { readBack, error }: Written): ReservationResult {
  if (error !== undefined) return { ...planned, outcome: 'failed', why: error.message, readBack, error };
  const open = openLink(readBack, leased && planned.becomes?.address !== undefined);
  if (open !== undefined) return { ...planned, outcome: 'not-proven', why: open.because, readBack };
  const [outcome, why] =
    planned.becomes === null ? ['released', 'taken back'] : ['reserved', saying(readBack)];
  return { ...planned, outcome: outcome as 'reserved' | 'released', why, readBack };
}

/** What keeps a reservation from being proven; a guest without a lease has nothing that could bear the name yet. */
function openLink(readBack: readonly ReadBack[], mayWait: boolean): ReadBack | undefined {
  const waits = (each: ReadBack) => mayWait && each.link === 'lease' && each.state === 'pending';
  return readBack.find((each) => (each.state !== 'proven' && each.state !== 'pending') || waits(each));
}

function saying(readBack: readonly ReadBack[]): string {
  return readBack.find(({ link }) => link === 'lease')?.because ?? 'the reservation stands there';
}

/** Milliseconds in seconds to a tenth; no pause is told as none. */
function tenths(milliseconds: number): number {
  return Math.max(1, Math.round(milliseconds / 100)) / 10;
}
