import type { Clock } from './clock.ts';
import { died } from './problem.ts';

/** The lock files of VM configurations: one holder each. */
export interface Locks {
  /**
   * Runs `work` while holding the lock of `vmid`; throws the product's error when it is still held after
   * `waitMs`. `file` is what that error calls it, that of a VM unless given.
   * Source: pve-guest-common AbstractConfig.pm `lock_config_full`; pve-common Tools.pm `lock_file`.
   */
  hold<T>(vmid: number, waitMs: number, work: () => Promise<T>, file?: string): Promise<T>;
}

/** How long a plain `lock_config` waits, in milliseconds. */
export const plainWaitMs = 10_000;

/** No lock held. */
export function createLocks(clock: Clock): Locks {
  const held = new Map<number, Promise<unknown>>();
  return {
    hold: async (vmid, waitMs, work, file = `/var/lock/qemu-server/lock-${vmid}.conf`) => {
      const deadline = clock.now() + waitMs;
      for (let holder = held.get(vmid); holder !== undefined; holder = held.get(vmid)) {
        const left = deadline - clock.now();
        if (left <= 0) throw died(`can't lock file '${file}' - got timeout`);
        const waited = new AbortController();
        await Promise.race([holder, clock.sleep(left, waited.signal)]);
        waited.abort();
      }
      const result = work();
      const settled = result.then(
        () => undefined,
        () => undefined,
      );
      held.set(vmid, settled);
      try {
        return await result;
      } finally {
        held.delete(vmid);
      }
    },
  };
}
