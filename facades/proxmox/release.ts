import type { PermissionCheck } from './schema/schema.ts';
import type { ClusterState } from './state.ts';

/** What GET /version answers: 9.1.3 unless the state says otherwise. */
export function versionOf(state: ClusterState): NonNullable<ClusterState['version']> {
  return state.version ?? { version: '9.1.3', release: '9.1', repoid: '03f2fbafc2b67819' };
}

/** The major release that answers. */
export function majorOf(state: ClusterState): number {
  return Number.parseInt(versionOf(state).version, 10);
}

/** Whether errors are told by the reason phrase alone: before 8.4 (pve-http-server 5.2.0 of 2025-01, bug 6503). */
export function answersBare(state: ClusterState): boolean {
  const [major = 0, minor = 0] = versionOf(state).version.split('.').map(Number);
  return major < 8 || (major === 8 && minor < 4);
}

/**
 * A published check as it was before 9: VM.Monitor stood for all that the agent's privileges are now.
 * Source: pve-access-control debian/changelog 9.0.2; qemu-server PVE/API2/Qemu/Agent.pm before 9.
 */
export function beforeGuestAgentPrivileges(check: PermissionCheck): PermissionCheck {
  const [kind, path, privileges] = check;
  if (kind !== 'perm' || !Array.isArray(privileges)) return check;
  const asksForAgent = privileges.some((privilege) => String(privilege).startsWith('VM.GuestAgent.'));
  return asksForAgent ? ['perm', path, ['VM.Monitor']] : check;
}
