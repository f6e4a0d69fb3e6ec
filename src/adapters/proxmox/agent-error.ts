import { type ErrorCode, SourceError } from '../../domain/error.ts';
import type { GuestRef, GuestSummary } from '../../domain/guest.ts';
import { type ProxmoxApi, proxmox } from './client.ts';
import { powerNow } from './power-now.ts';

/** What a call does with the agent, and the privileges that it takes (qemu-server PVE/API2/Qemu/Agent.pm). */
export type AgentUse = 'read' | 'exec';

const privilege: Readonly<Record<AgentUse, string>> = {
  read: 'VM.GuestAgent.Audit (Proxmox VE 9; in the role PVEAuditor) or VM.Monitor (Proxmox VE 8)',
  exec: 'VM.GuestAgent.Unrestricted (Proxmox VE 9; in the role PVEVMAdmin) or VM.Monitor (Proxmox VE 8)',
};

/**
 * Why a call of the agent failed. The product gives one status for a missing VM, one that is off, a silent agent
 * and a program that does not exist, told apart by text alone: so the VM's state is asked for, and then a ping.
 * Resolves to what is to be thrown: `permission-refused` with what to grant, `guest-off`, `agent-silent`, or the
 * error itself.
 */
export async function agentFailure(
  error: unknown,
  use: AgentUse,
  api: ProxmoxApi,
  ref: GuestRef,
  signal: AbortSignal,
): Promise<unknown> {
  if (!(error instanceof SourceError)) return error;
  if (error.code === 'permission-refused') return refused(error, use, ref);
  if (error.code !== 'command-failed') return error;
  const power = await powerSeen(api, ref, signal);
  if (power === undefined) return error;
  if (power === 'stopped') return off(ref, error);
  // What the agent itself says to a plain question comes in a good answer, so this is none of its words.
  if (use === 'read') return silent(ref, error);
  return (await answersPing(api, ref, signal)) ? error : silent(ref, error);
}

/** Undefined when the node does not know the VM; `unknown` too for a user who may not see its state. */
async function powerSeen(
  api: ProxmoxApi,
  ref: GuestRef,
  signal: AbortSignal,
): Promise<GuestSummary['power'] | undefined> {
  try {
    return await powerNow(api, { ref, kind: 'vm' }, signal);
  } catch (error) {
    if (hasCode(error, 'permission-refused')) return 'unknown';
    throw error;
  }
}

async function answersPing(api: ProxmoxApi, ref: GuestRef, signal: AbortSignal): Promise<boolean> {
  try {
    await api.post({ path: ['nodes', ref.node, 'qemu', ref.vmid, 'agent', 'ping'], signal });
    return true;
  } catch (error) {
    if (hasCode(error, 'command-failed')) return false;
    throw error;
  }
}

function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof SourceError && error.code === code;
}

function refused(error: SourceError, use: AgentUse, ref: GuestRef): SourceError {
  return new SourceError('permission-refused', proxmox, error.message, {
    ...(error.where === undefined ? {} : { where: error.where }),
    cause: error,
    hint: `Grant a role with ${privilege[use]} on /vms/${ref.vmid}, or on /vms for all guests, to the token and to its user.`,
  });
}

function off(ref: GuestRef, cause: SourceError): SourceError {
  return new SourceError('guest-off', proxmox, `VM ${ref.vmid} does not run, so its agent cannot answer`, {
    cause,
    hint: 'Start it.',
  });
}

function silent(ref: GuestRef, cause: SourceError): SourceError {
  const message = `the guest agent of VM ${ref.vmid} does not answer: ${cause.message}`;
  return new SourceError('agent-silent', proxmox, message, {
    cause,
    hint: 'The VM must run qemu-guest-agent, and have had the option agent=1 when it was started.',
  });
}
