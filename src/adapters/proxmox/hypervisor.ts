import { SourceError } from '../../domain/error.ts';
import type { GuestRef, GuestSummary } from '../../domain/guest.ts';
import type { Clock, Hypervisor } from '../../domain/ports.ts';
import { systemClock } from '../../lib/clock.ts';
import { createAgent } from './agent.ts';
import { type ProxmoxApi, proxmox } from './client.ts';
import { configurationIn, guestIn, powerOf } from './guest.ts';
import { changePower } from './power.ts';
import { read } from './read.ts';
import { permissionsSchema, statusSchema } from './schema.ts';

/** What a Proxmox VE cluster is made of here. */
export interface ProxmoxOptions {
  /** The id in the configuration. */
  readonly id: string;
  readonly api: ProxmoxApi;
  /** The machine's when left out. */
  readonly clock?: Pick<Clock, 'sleep'>;
}

/** Between two looks at a task or a VM's state, in milliseconds. */
const taskPollMs = 1000;
/** Between two looks at a program in a guest, in milliseconds. */
const agentPollMs = 500;

/**
 * A Proxmox VE cluster as a `Hypervisor`. The list of guests lags behind up to one cycle of
 * pvestatd (10 s): a fresh clone is found, but without name and as no template, and a VM that was
 * just stopped still runs in it. So a VM's power is asked for beside; its configuration is always current.
 */
export function createProxmoxHypervisor(options: ProxmoxOptions): Required<Hypervisor> {
  const { id, api, clock = systemClock } = options;

  async function inList(vmid: number, signal: AbortSignal): Promise<GuestSummary | undefined> {
    const answer = await api.get({ path: ['cluster', 'resources'], params: { type: 'vm' }, signal });
    const guest = guestIn(answer, vmid, id);
    if (guest === undefined && !api.isRoot) await assertVisible(api, vmid, signal);
    return guest;
  }

  return {
    id,
    async find(vmid, signal) {
      const guest = await inList(vmid, signal);
      return guest?.kind === 'vm' ? { ...guest, power: await powerNow(api, guest, signal) } : guest;
    },
    async configuration(ref, signal) {
      const path = ['nodes', ref.node, 'qemu', ref.vmid, 'config'];
      const answer = await api.get({ path, signal }).catch(async (error: unknown) => {
        throw await whyNoConfiguration(error, ref, () => inList(ref.vmid, signal));
      });
      return configurationIn(answer, ref);
    },
    power: (ref, action, signal) => changePower(api, ref, action, { clock, pollMs: taskPollMs }, signal),
    agent: (ref) => createAgent(api, ref, { clock, pollMs: agentPollMs }),
  };
}

/** A VM's power at this moment; the list's where the node that it names does not know the VM (any more). */
async function powerNow(
  api: ProxmoxApi,
  guest: GuestSummary,
  signal: AbortSignal,
): Promise<GuestSummary['power']> {
  const path = ['nodes', guest.ref.node, 'qemu', guest.ref.vmid, 'status', 'current'];
  try {
    const { status, qmpstatus } = read(
      statusSchema,
      await api.get({ path, signal }),
      `the state of VM ${guest.ref.vmid}`,
    );
    return powerOf(qmpstatus ?? status);
  } catch (error) {
    if (error instanceof SourceError && error.code === 'command-failed') return guest.power;
    throw error;
  }
}

/**
 * The list leaves out, without a word, what the user may not see. So an absence counts only where
 * the user would see the guest; else this throws `permission-refused`.
 */
async function assertVisible(api: ProxmoxApi, vmid: number, signal: AbortSignal): Promise<void> {
  const path = `/vms/${vmid}`;
  const answer = await api.get({ path: ['access', 'permissions'], params: { path }, signal });
  const granted = read(permissionsSchema, answer, 'the list of permissions')[path] ?? {};
  if (granted['VM.Audit'] !== undefined) return;
  const message = `VM ${vmid} does not exist, or its existence is hidden: no VM.Audit on ${path}`;
  throw new SourceError('permission-refused', proxmox, message, {
    hint: 'Grant a role with VM.Audit on /vms, propagated, to the token and to its user.',
  });
}

/** The product refuses with the same status whatever the reason, so the list of guests is asked. */
async function whyNoConfiguration(
  error: unknown,
  ref: GuestRef,
  find: () => Promise<GuestSummary | undefined>,
): Promise<unknown> {
  if (!(error instanceof SourceError) || error.code !== 'command-failed') return error;
  const guest = await find();
  const details = { cause: error };
  if (guest === undefined) {
    return new SourceError('not-found', proxmox, `there is no VM ${ref.vmid} on the cluster`, details);
  }
  if (guest.kind === 'container') {
    return new SourceError('unsupported', proxmox, `${ref.vmid} is a container, not a VM`, details);
  }
  if (guest.ref.node === ref.node) return error;
  const message = `VM ${ref.vmid} is not on node ${ref.node} but on ${guest.ref.node}`;
  return new SourceError('not-found', proxmox, message, details);
}
