import type { Clock } from './clock.ts';

/** What pvestatd last broadcast about a guest. */
export interface Broadcast {
  readonly name: string;
  readonly template: boolean;
  readonly status: string;
}

/**
 * The view of `/cluster/resources`, which is up to one cycle of pvestatd old: a new guest has neither name
 * nor status in it, and a re-used VMID may still bear the old name.
 * Source: pve-manager PVE/Service/pvestatd.pm (10 s cycle), PVE/API2Tools.pm `extract_vm_stats`.
 */
export interface Resources {
  /** Notes what is true now; it becomes visible at the next cycle. */
  observe(vmid: number, seen: Broadcast | undefined): void;
  /** What the last cycle saw; undefined when it saw no such guest. */
  lastBroadcast(vmid: number): Broadcast | undefined;
}

interface Sighting {
  readonly at: number;
  readonly seen: Broadcast | undefined;
}

/** `cycleMs` 0 shows everything at once. What is observed before `begin` was called counts as old. */
export function createResources(clock: Clock, cycleMs: number): Resources & { begin(): void } {
  const sightings = new Map<number, Sighting[]>();
  let begun: number | undefined;

  function lastCycle(): number {
    if (begun === undefined || cycleMs === 0) return Number.POSITIVE_INFINITY;
    return begun + Math.floor((clock.now() - begun) / cycleMs) * cycleMs;
  }

  return {
    begin: () => {
      begun = clock.now();
    },
    observe: (vmid, seen) => {
      const list = sightings.get(vmid) ?? [];
      const last = list.at(-1);
      if (last !== undefined && same(last.seen, seen)) return;
      const cycle = lastCycle();
      const visible = list.findLastIndex(({ at }) => at < cycle);
      const at = begun === undefined ? Number.NEGATIVE_INFINITY : clock.now();
      sightings.set(vmid, [...list.slice(Math.max(visible, 0)), { at, seen }]);
    },
    lastBroadcast: (vmid) => {
      const cycle = lastCycle();
      return sightings.get(vmid)?.findLast(({ at }) => at < cycle)?.seen;
    },
  };
}

function same(one: Broadcast | undefined, other: Broadcast | undefined): boolean {
  return one?.name === other?.name && one?.template === other?.template && one?.status === other?.status;
}
