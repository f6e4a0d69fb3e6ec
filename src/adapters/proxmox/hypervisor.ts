import type { GuestSummary } from '../../domain/guest.ts';
import type { Clock, Hypervisor, Shell } from '../../domain/ports.ts';
import { systemClock } from '../../lib/clock.ts';
import { createAgent } from './agent.ts';
import type { ProxmoxApi } from './client.ts';
import { containerInterfaces } from './container-interfaces.ts';
import { guestIn, guestsIn } from './guest-list.ts';
import { createGuestMaker } from './guest-maker.ts';
import { containerShell } from './inside-container.ts';
import { agentShell } from './inside-vm.ts';
import { pendingChanges } from './pending.ts';
import { portDevice } from './port.ts';
import { changePower } from './power.ts';
import { powerNow } from './power-now.ts';
import { readConfiguration } from './read-configuration.ts';
import { renameGuest } from './rename.ts';
import { readSeed } from './seed.ts';
import { assertSeesAny, assertVisible } from './visibility.ts';

/** What a Proxmox VE cluster is made of here. */
export interface ProxmoxOptions {
  /** The id in the configuration. */
  readonly id: string;
  readonly api: ProxmoxApi;
  /**
   * The way into a node by its name in the cluster, where there is one: it opens containers, snippets and the
   * nodes' end of NICs.
   */
  readonly nodeShell?: (node: string) => Shell;
  /** The machine's when left out. */
  readonly clock?: Pick<Clock, 'sleep'>;
}

/** All of the port but `port`, which is there only with a way into the nodes. */
export type ProxmoxHypervisor = Required<Omit<Hypervisor, 'port'>> & Pick<Hypervisor, 'port'>;

/** Between two looks at a task or a VM's state, in milliseconds. */
const taskPollMs = 1000;
/** Between two looks at a program in a guest, in milliseconds; a short one is done long before. */
const agentPolls = { firstMs: 50, pollMs: 500 };

/**
 * A Proxmox VE cluster as a `Hypervisor`. The list of guests lags behind up to one cycle of
 * pvestatd (10 s): a fresh clone is found, but without name and as no template, and a VM that was
 * just stopped still runs in it. So `find` asks for a guest's power beside; configurations are always current.
 */
export function createProxmoxHypervisor(options: ProxmoxOptions): ProxmoxHypervisor {
  const { id, api, nodeShell, clock = systemClock } = options;
  const agentWaiting = { clock, ...agentPolls };
  const taskWaiting = { clock, pollMs: taskPollMs };

  async function list(signal: AbortSignal): Promise<unknown> {
    return api.get({ path: ['cluster', 'resources'], params: { type: 'vm' }, signal });
  }

  async function inList(vmid: number, signal: AbortSignal): Promise<GuestSummary | undefined> {
    const guest = guestIn(await list(signal), vmid, id);
    if (guest === undefined) await assertVisible(api, vmid, signal);
    return guest;
  }

  return {
    id,
    async find(vmid, signal) {
      const guest = await inList(vmid, signal);
      if (guest === undefined) return undefined;
      return { ...guest, power: (await powerNow(api, guest, signal)) ?? guest.power };
    },
    async guests(signal) {
      const guests = guestsIn(await list(signal), id);
      if (guests.length === 0) await assertSeesAny(api, signal);
      return guests;
    },
    configuration: (guest, signal) =>
      readConfiguration(api, guest, () => inList(guest.ref.vmid, signal), signal),
    power: (ref, action, signal) => changePower(api, ref, action, taskWaiting, signal),
    pending: (guest, signal) => pendingChanges(api, guest, signal),
    rename: (guest, name, signal) => renameGuest(api, guest, name, signal),
    making: createGuestMaker(api, inList, taskWaiting, nodeShell),
    agent: (ref) => createAgent(api, ref, agentWaiting),
    containerInterfaces: (ref, signal) => containerInterfaces(api, ref, signal),
    inside({ ref, kind }) {
      if (kind === 'vm') return agentShell(api, ref, agentWaiting);
      return nodeShell === undefined ? undefined : containerShell(api, ref, nodeShell(ref.node));
    },
    seed: (configuration, signal) => readSeed(api, nodeShell, configuration, signal),
    ...(nodeShell === undefined
      ? {}
      : { port: (guest, nic) => ({ device: portDevice(guest, nic), shell: nodeShell(guest.ref.node) }) }),
  };
}
