import { TruenameError } from '../../domain/error.ts';
import type { GuestConfiguration, GuestSummary } from '../../domain/guest.ts';
import { waitFor } from '../waiting.ts';
import type { RebuildContext } from './context.ts';

/**
 * Locks that a task of the cluster holds and gives back by itself (pve-guest-common PVE/AbstractConfig.pm, and the
 * values of `lock` in the schema of a VM's configuration).
 */
const passing: ReadonlySet<string> = new Set([
  'backup',
  'clone',
  'create',
  'migrate',
  'rollback',
  'snapshot',
  'snapshot-delete',
  'suspending',
]);

/**
 * Resolves with the VM's configuration once no lock is on it. One that passes is waited for as long as was asked for;
 * one that stays is the business of whoever put it there. Throws `vm-locked`.
 */
export async function unlocked(
  { request, sources, signal, note }: RebuildContext,
  guest: GuestSummary,
  first: GuestConfiguration,
): Promise<GuestConfiguration> {
  const { hypervisor, clock } = sources;
  const { lock } = first;
  if (lock === undefined) return first;
  if (!passing.has(lock)) throw locked(request.vmid, lock, stays(lock, request.vmid));
  if (request.lockMs === 0)
    throw locked(
      request.vmid,
      lock,
      'Wait until that task has ended, then run this again; or give --wait-lock SECONDS.',
    );
  note(`the VM is locked (${lock}); waiting until that task has ended, ${request.lockMs / 1000} s at most`);
  const seen = await waitFor(
    async () => {
      const now = await hypervisor.configuration(guest, signal);
      return now.lock === undefined ? { found: now } : { notYet: now.lock };
    },
    { forMs: request.lockMs, everyMs: 1000 },
    clock,
    signal,
  );
  if ('found' in seen) return seen.found;
  throw locked(
    request.vmid,
    seen.notYet,
    'Look at its tasks at the hypervisor, then run this again; --wait-lock SECONDS waits longer.',
  );
}

function locked(vmid: number, lock: string, hint: string): TruenameError {
  return new TruenameError('vm-locked', `VM ${vmid} is locked (${lock})`, { where: `VM ${vmid}`, hint });
}

/** `suspended` is a VM whose memory is on disk: it runs on when it is resumed. */
function stays(lock: string, vmid: number): string {
  return lock === 'suspended'
    ? `It was suspended to disk: qm resume ${vmid}, then run this again.`
    : 'Whoever locked it must unlock it; then run this again.';
}
