import pLimit from 'p-limit';
import type { Address } from '../../domain/address.ts';
import { asTruenameError } from '../../domain/error.ts';
import type { GuestSummary } from '../../domain/guest.ts';
import type { ReservationPolicy } from '../../plan/decide-reservation.ts';
import { mustBeFew } from '../must-be-few.ts';
import { carryOut } from './carry-out.ts';
import { finishEarlier } from './finish-earlier.ts';
import { type LocatedGuest, locateGuest } from './locate.ts';
import { lockServers } from './lock-servers.ts';
import { type PlannedReservations, planReservations, refuseAll } from './plan.ts';
import type { ReservationResult, ReservationRun, ServerWrite } from './result.ts';
import type { ReserveSources } from './sources.ts';

/** What a person asked for. */
export interface ReserveRequest {
  readonly run: string;
  readonly guests: readonly GuestSummary[];
  readonly inventory: readonly GuestSummary[];
  readonly policy: ReservationPolicy;
  /** `net1`; absent: the one that the configuration names, or the only one in a segment. */
  readonly slot?: string;
  /** For the only guest. */
  readonly address?: Address;
  /** Change as many as there are. */
  readonly yes: boolean;
}

/** Guests whose configurations are read together. */
const looksAtOnce = 8;

/**
 * Reserves each guest's name at the DHCP server of its segment: one write at each server, which is then read back. Nothing
 * is written before all servers were read. Without a memory nothing is written at all.
 */
export async function reserve(
  request: ReserveRequest,
  sources: ReserveSources,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<ReservationRun> {
  const limit = pLimit(looksAtOnce);
  const found = await Promise.all(
    request.guests.map((guest) => limit(() => locate(request, sources, guest, signal))),
  );
  const located = found.filter((each) => 'nic' in each);
  const refused: ReservationResult[] = found.filter((each) => 'outcome' in each);
  const mayWrite = (writes: number) => {
    if (sources.memory !== undefined && !request.yes) mustBeFew(writes, request.inventory);
  };
  const done = await reserveLocated({ ...request, located, mayWrite }, sources, say, signal);
  const results = [...refused, ...done.results];
  const { run, guests } = request;
  const resultFor = ({ ref }: GuestSummary) => results.find((each) => each.ref?.vmid === ref.vmid) ?? [];
  return {
    run,
    dryRun: sources.memory === undefined,
    servers: done.servers,
    results: guests.flatMap(resultFor),
  };
}

/** Guests on their segments, whether they are there already or are about to be made. */
export interface LocatedRequest extends Pick<ReserveRequest, 'inventory' | 'policy'> {
  readonly located: readonly LocatedGuest[];
  /** Throws where so many must not be written. */
  readonly mayWrite: (writes: number) => void;
}

/** The same for guests whose NICs are known: one write at each server, nothing before all servers were read. */
export async function reserveLocated(
  request: LocatedRequest,
  sources: ReserveSources,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Pick<ReservationRun, 'servers' | 'results'>> {
  const { located } = request;
  const ids = [...new Set(located.map(({ segment }) => segment.dhcpServer))].sort();
  const locks = await lockServers(sources, ids);
  try {
    const planned: PlannedReservations[] = [];
    for (const id of ids) {
      const guests = located.filter(({ segment }) => segment.dhcpServer === id);
      const server = sources.dhcpServer(id);
      const unfinished = await finishEarlier(sources, server, say, signal);
      planned.push(
        unfinished === undefined
          ? await planReservations(sources, server, guests, request, signal)
          : refuseAll(guests, unfinished),
      );
    }
    request.mayWrite(planned.reduce((sum, { turn }) => sum + (turn?.writes.length ?? 0), 0));
    const servers: ServerWrite[] = [];
    const results: ReservationResult[] = [];
    for (const { turn, settled } of planned) {
      results.push(...settled);
      if (turn === undefined) continue;
      const done = await carryOut(sources, turn, say, signal);
      servers.push(done.server);
      results.push(...done.results);
    }
    return { servers, results };
  } finally {
    await locks.release();
  }
}

async function locate(
  { slot, address }: ReserveRequest,
  sources: ReserveSources,
  guest: GuestSummary,
  signal: AbortSignal,
): Promise<LocatedGuest | ReservationResult> {
  try {
    const found = await locateGuest(sources, guest, slot, signal);
    return { ...found, ...(address === undefined ? {} : { address }) };
  } catch (thrown) {
    signal.throwIfAborted();
    const error = asTruenameError(thrown);
    const { ref, name = String(ref.vmid) } = guest;
    const told = { name, ref, was: null, becomes: null, notes: [], readBack: [] };
    return { ...told, outcome: 'refused', why: error.message, error };
  }
}
