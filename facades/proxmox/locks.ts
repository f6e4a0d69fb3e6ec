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
  /** The same for a lock that others may hold beside, as long as nobody holds it alone. */
  share<T>(vmid: number, waitMs: number, work: () => Promise<T>): Promise<T>;
}

/** How long a plain `lock_config` waits, in milliseconds. */
export const plainWaitMs = 10_000;

/** Who holds a lock file. */
interface Holders {
  readonly alone: boolean;
  readonly ended: Set<Promise<void>>;
}

/** No lock held. */
export function createLocks(clock: Clock): Locks {
  const held = new Map<number, Holders>();

  const hinders = (vmid: number, alone: boolean) => {
    const holders = held.get(vmid);
    return holders !== undefined && (alone || holders.alone) ? [...holders.ended] : [];
  };

  async function take<T>(
    vmid: number,
    waitMs: number,
    {
      alone,
      task,
      file,
    }: { readonly alone: boolean; readonly task: () => Promise<T>; readonly file: string },
  ): Promise<T> {
    const deadline = clock.now() + waitMs;
    for (let others = hinders(vmid, alone); others.length > 0; others = hinders(vmid, alone)) {
      const left = deadline - clock.now();
      if (left <= 0) throw died(`can't lock file '${file}' - got timeout`);
      const waited = new AbortController();
      await Promise.race([...others, clock.sleep(left, waited.signal)]);
      waited.abort();
    }
    // Nothing may come between the last look and this.
    const result = task();
    const ended = result.then(
      () => undefined,
      () => undefined,
    );
    const holders = held.get(vmid) ?? { alone, ended: new Set() };
    held.set(vmid, holders);
    holders.ended.add(ended);
    try {
      return await result;
    } finally {
      holders.ended.delete(ended);
      if (holders.ended.size === 0) held.delete(vmid);
    }
  }

  return {
    hold: (vmid, waitMs, task, file = fileOf(vmid)) => take(vmid, waitMs, { alone: true, task, file }),
    share: (vmid, waitMs, task) => take(vmid, waitMs, { alone: false, task, file: fileOf(vmid) }),
  };
}

/** Source: qemu-server QemuConfig.pm `$lockdir`. */
function fileOf(vmid: number): string {
  return `/var/lock/qemu-server/lock-${vmid}.conf`;
}
