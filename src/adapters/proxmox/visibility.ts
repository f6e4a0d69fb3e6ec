import { SourceError } from '../../domain/error.ts';
import { type ProxmoxApi, proxmox } from './client.ts';
import { read } from './read.ts';
import { permissionsSchema } from './schema.ts';

const hint = 'Grant a role with VM.Audit on /vms, propagated, to the token and to its user.';

/**
 * The list leaves out, without a word, what the user may not see. So an absence counts only where
 * the user would see the guest; else this throws `permission-refused`.
 */
export async function assertVisible(api: ProxmoxApi, vmid: number, signal: AbortSignal): Promise<void> {
  if (api.isRoot) return;
  const path = `/vms/${vmid}`;
  const answer = await api.get({ path: ['access', 'permissions'], params: { path }, signal });
  const granted = read(permissionsSchema, answer, 'the list of permissions')[path] ?? {};
  if (granted['VM.Audit'] !== undefined) return;
  const message = `VM ${vmid} does not exist, or its existence is hidden: no VM.Audit on ${path}`;
  throw new SourceError('permission-refused', proxmox, message, { hint });
}

/** Likewise an empty list counts only where the user would see some guest; else throws `permission-refused`. */
export async function assertSeesAny(api: ProxmoxApi, signal: AbortSignal): Promise<void> {
  if (api.isRoot) return;
  const answer = await api.get({ path: ['access', 'permissions'], signal });
  const granted = Object.values(read(permissionsSchema, answer, 'the list of permissions'));
  if (granted.some((privileges) => privileges['VM.Audit'] !== undefined)) return;
  const message = 'there are no guests, or all are hidden: VM.Audit is granted nowhere';
  throw new SourceError('permission-refused', proxmox, message, { hint });
}
