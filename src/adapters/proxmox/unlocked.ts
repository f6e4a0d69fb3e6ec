import { SourceError } from '../../domain/error.ts';
import { shown } from '../../lib/shown.ts';
import { proxmox } from './client.ts';
import type { Standing } from './standing.ts';
import { inTime, type Waiting } from './waiting.ts';

/** So often a VM is looked at that a task of somebody else holds, before it is given up: half a minute. */
const looks = 30;

/** The VM once no lock is on it; throws `vm-locked` where one stays. */
export async function whenUnlocked(
  readAgain: () => Promise<Standing>,
  { clock, pollMs }: Waiting,
  signal: AbortSignal,
): Promise<Standing> {
  for (let look = 1; ; look += 1) {
    const standing = await readAgain();
    const { lock, ref } = standing.guest;
    if (lock === undefined) return standing;
    if (look === looks) throw locked(ref.vmid, ref.node, lock);
    await inTime(clock.sleep(pollMs, signal), `the lock on VM ${ref.vmid} to go`, signal);
  }
}

function locked(vmid: number, node: string, lock: string): SourceError {
  return new SourceError('vm-locked', proxmox, `VM ${vmid} is locked (${shown(lock)})`, {
    where: node,
    hint: `Wait for the task that holds it. If none runs: qm unlock ${vmid}, on ${node}.`,
  });
}
