import type { ContainerInterface, ExecResult, Machine, World } from '../facades/proxmox/world.ts';

/** Knobs of the world in memory; each can be turned at any time. */
export interface SimKnobs {
  /** Waited for before an action takes effect, so that a test can hold a task half-way. */
  before: ((action: SimAction, vmid: number) => Promise<void>) | undefined;
  /** An action that fails, with this text. */
  failure: ((action: SimAction, vmid: number) => string | undefined) | undefined;
  /** Guests that do not power off when asked. */
  readonly deaf: Set<number>;
  /** Runs the programs in containers. Unset, no program exists. */
  exec:
    | ((vmid: number, command: readonly string[], stdin: string) => ExecResult | Promise<ExecResult>)
    | undefined;
  /** Addresses with their prefix, by VMID and device, that a container has besides its fixed ones. */
  readonly addresses: Map<number, Readonly<Record<string, readonly string[]>>>;
}

/** What a world is asked to do. */
export type SimAction = 'clone' | 'swap-seed' | 'start' | 'shutdown' | 'stop' | 'destroy';

/** A world in memory. */
export interface SimWorld extends World {
  readonly knobs: SimKnobs;
  /** What was last switched on, by VMID; kept when it is switched off. */
  readonly machines: ReadonlyMap<number, Machine>;
  /** Every action that took effect, oldest first. */
  readonly history: readonly { readonly action: SimAction; readonly vmid: number }[];
  /** The guest powers itself off, as `poweroff` inside it does. */
  powerOff(vmid: number): void;
}

function createKnobs(): SimKnobs {
  return { before: undefined, failure: undefined, deaf: new Set(), exec: undefined, addresses: new Map() };
}

/** Loopback, then the cards of a container with their fixed address and those given by device. */
function devicesOf(
  machine: Machine | undefined,
  more: Readonly<Record<string, readonly string[]>>,
): ContainerInterface[] {
  const nics = machine?.kind === 'container' ? machine.nics : [];
  return [
    { name: 'lo', mac: '00:00:00:00:00:00', addresses: ['127.0.0.1/8', '::1/128'] },
    ...nics.map(({ name, mac, ip }) => ({
      name,
      mac: mac.toLowerCase(),
      addresses: [...(ip?.includes('/') === true ? [ip] : []), ...(more[name] ?? [])],
    })),
  ];
}

/** Creates a world that has these disks; `running` are switched on. It has no guest agents. */
export function createSimWorld(disks: Iterable<number>, running: Iterable<Machine> = []): SimWorld {
  const existing = new Set(disks);
  const on = new Set<number>();
  const machines = new Map<number, Machine>();
  const history: { action: SimAction; vmid: number }[] = [];
  const knobs = createKnobs();
  for (const machine of running) {
    machines.set(machine.vmid, machine);
    on.add(machine.vmid);
  }

  async function act(action: SimAction, vmid: number): Promise<void> {
    await knobs.before?.(action, vmid);
    const failure = knobs.failure?.(action, vmid);
    if (failure !== undefined) throw new Error(failure);
    history.push({ action, vmid });
  }

  return {
    knobs,
    machines,
    history,
    powerOff: (vmid) => {
      on.delete(vmid);
    },
    clone: async (source, target, signal) => {
      if (!existing.has(source)) throw new Error(`no disk of VM ${source}`);
      await act('clone', target);
      signal.throwIfAborted();
      existing.add(target);
    },
    swapSeed: async (vmid, seed) => {
      await act('swap-seed', vmid);
      const machine = machines.get(vmid);
      if (machine?.kind === 'vm') machines.set(vmid, { ...machine, seed });
    },
    start: async (machine) => {
      if (!existing.has(machine.vmid)) throw new Error(`no disk of VM ${machine.vmid}`);
      await act('start', machine.vmid);
      machines.set(machine.vmid, machine);
      on.add(machine.vmid);
    },
    shutdown: async (vmid) => {
      await act('shutdown', vmid);
      if (knobs.deaf.has(vmid)) return false;
      on.delete(vmid);
      return true;
    },
    stop: async (vmid) => {
      await act('stop', vmid);
      on.delete(vmid);
    },
    running: (vmid) => on.has(vmid),
    agentSocket: async () => undefined,
    exec: async (vmid, command, stdin) =>
      (await knobs.exec?.(vmid, command, stdin)) ?? {
        exitCode: 127,
        stdout: '',
        stderr: `Failed to exec "${command[0]}"\n`,
      },
    interfaces: async (vmid) => devicesOf(machines.get(vmid), knobs.addresses.get(vmid) ?? {}),
    destroy: async (vmid) => {
      await act('destroy', vmid);
      existing.delete(vmid);
    },
  };
}
