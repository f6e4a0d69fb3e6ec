import { type ReserveRequest, reserve } from '../../src/apply/reserve/reserve.ts';
import type { ReservationOutcome, ReservationRun } from '../../src/apply/reserve/result.ts';
import type { JournalledRun, ReservedAs } from '../../src/domain/journal.ts';
import type { Mac } from '../../src/domain/mac.ts';
import type { GivenReservable, ReserveWorld } from './reserve-world.ts';

/** A guest at the server `mgmt`. */
export const alpha: GivenReservable = { vmid: 610, name: 'alpha' };

/** A guest at the server `srv`. */
export const beta: GivenReservable = { vmid: 611, name: 'beta', bridges: ['srv'] };

/** What a reserving in the world came to, and what it said meanwhile. */
export type ReserveRun = ReservationRun & {
  readonly said: readonly string[];
  readonly outcomes: readonly ReservationOutcome[];
};

/** Reserves the names of the world's guests. */
export async function runReserve(
  world: ReserveWorld,
  changes: Partial<ReserveRequest> = {},
  sources = world.sources,
): Promise<ReserveRun> {
  const said: string[] = [];
  const { signal } = new AbortController();
  const done = await reserve(world.request(changes), sources, (line) => said.push(line), signal);
  return { ...done, said, outcomes: done.results.map(({ outcome }) => outcome) };
}

/** The journal of a run `run-0` that was killed before it could say what became of its one write, at `mgmt`. */
export function killedRun(mac: Mac, wrote: ReservedAs, server = 'mgmt'): JournalledRun {
  const ref = { hypervisor: 'pve', node: 'pve1', vmid: 610 };
  const write = { kind: 'reservation', server, mac, was: null, wrote, leaseName: null } as const;
  const guest = { ref, kind: 'vm', name: wrote.name, alias: 'a' } as const;
  return {
    run: 'run-0',
    startedAt: 'then',
    command: 'reserve',
    writes: [{ number: 3, guest, write, at: 'then', certain: false }],
  };
}
