import { SourceError } from '../src/domain/error.ts';
import type { GuestConfiguration, GuestRef, GuestSummary } from '../src/domain/guest.ts';
import type { Mac } from '../src/domain/mac.ts';
import type { Hypervisor } from '../src/domain/ports.ts';
import { mustAnswer, simAgent } from './agent.ts';
import type { SimClock } from './clock.ts';
import type { SimDhcpServer } from './dhcp-server.ts';
import { type SimMachine, simMachine } from './machine.ts';
import { simShell } from './shell.ts';
import { type SimTemplate, simTemplates } from './templates.ts';

/** A hypervisor in memory with its templates and clones. */
export interface SimHypervisor {
  /** As Truename sees it. */
  readonly port: Hypervisor;
  /** Clones a template onto a bridge under a name, and switches the clone on. */
  clone(template: number, vmid: number, name: string, bridge: string): Promise<void>;
  /** Restarts guests as a person does at the hypervisor; resolves when they have begun to boot. */
  reboot(vmids: readonly number[]): Promise<void>;
  /** The inside of a clone. Throws for a number that none has. */
  machine(vmid: number): SimMachine;
  mac(vmid: number): Mac;
}

/** What a hypervisor in memory needs. */
export interface SimHypervisorOptions {
  readonly id: string;
  readonly node: string;
  readonly clock: SimClock;
  /** The DHCP server of a bridge. */
  readonly serverOn: (bridge: string) => SimDhcpServer;
}

interface SimGuest {
  readonly ref: GuestRef;
  readonly uuid: string;
  readonly mac: Mac;
  readonly bridge: string;
  readonly machine: SimMachine;
  name: string;
}

/** The clones by number; the getter throws for one that is not there. */
type GuestOf = (vmid: number) => SimGuest;

/** Milliseconds of tasks: a clone of a small disk, and the first half of a restart. */
const task = { cloneMs: 1200, shutdownMs: 1500 } as const;

/** A cluster of one node with {@link simTemplates}. Its guests run from their clone on. */
export function simHypervisor(options: SimHypervisorOptions): SimHypervisor {
  const { id, node, clock, serverOn } = options;
  const guests = new Map<number, SimGuest>();
  const own = new AbortController().signal;
  const guestOf: GuestOf = (vmid) => {
    const found = guests.get(vmid);
    if (found === undefined) throw new SourceError('not-found', id, `there is no VM ${vmid}`);
    return found;
  };
  const port = portOf(options, guestOf, () => [...guests.values()]);
  return {
    port,
    async clone(from, vmid, name, bridge) {
      const template = simTemplates.find((each) => each.vmid === from);
      if (template === undefined) throw new SourceError('not-found', id, `there is no template ${from}`);
      if (guests.has(vmid)) throw new SourceError('command-failed', id, `VM ${vmid} exists already`);
      await clock.sleep(task.cloneMs, own);
      const [mac, uuid] = [macOf(vmid), uuidOf(vmid)];
      const givenName = () => guestOf(vmid).name;
      const machine = simMachine({ template, mac, uuid, givenName, server: serverOn(bridge), clock });
      guests.set(vmid, { ref: { hypervisor: id, node, vmid }, uuid, mac, bridge, machine, name });
      machine.start();
    },
    async reboot(vmids) {
      await Promise.all(vmids.map((vmid) => restart(clock, guestOf(vmid), own)));
    },
    machine: (vmid) => guestOf(vmid).machine,
    mac: (vmid) => guestOf(vmid).mac,
  };
}

async function restart(clock: SimClock, { machine }: SimGuest, signal: AbortSignal): Promise<void> {
  await clock.sleep(task.shutdownMs, signal);
  machine.stop();
  machine.start();
}

function portOf(
  { id, node, clock }: SimHypervisorOptions,
  guestOf: GuestOf,
  all: () => readonly SimGuest[],
): Hypervisor {
  const templates = simTemplates.map((each) =>
    templateSummary({ hypervisor: id, node, vmid: each.vmid }, each),
  );
  const inventory = () => [...templates, ...all().map(summaryOf)];
  return {
    id,
    find: async (vmid) => inventory().find(({ ref }) => ref.vmid === vmid),
    guests: async () => inventory(),
    async configuration({ ref }) {
      const template = templates.find((each) => each.ref.vmid === ref.vmid);
      return template === undefined ? configurationOf(guestOf(ref.vmid)) : templateConfiguration(template);
    },
    async power({ vmid }, action, signal) {
      const guest = guestOf(vmid);
      if (action === 'reboot') await restart(clock, guest, signal);
    },
    pending: async () => [],
    async rename({ ref }, name) {
      guestOf(ref.vmid).name = name;
    },
    agent({ vmid }) {
      const { machine, mac } = guestOf(vmid);
      return simAgent(id, machine, mac);
    },
    inside({ ref: { vmid } }) {
      const { machine } = guestOf(vmid);
      const via = `guest agent of ${node}/${vmid}`;
      return simShell({ via, machine, clock, mustOpen: () => mustAnswer(id, machine) });
    },
    async seed({ ref: { vmid } }) {
      const { name, uuid } = guestOf(vmid);
      return {
        user: {
          text: `#cloud-config\nhostname: ${name}\n`,
          custom: false,
          source: `generated user-data of ${vmid}`,
        },
        meta: { text: `instance-id: ${uuid}\n`, custom: false, source: `generated meta-data of ${vmid}` },
      };
    },
  };
}

/** What all configurations have in common. */
const common = { agentEnabled: true, cloudInit: true, osType: 'l26' } as const;

function configurationOf({ ref, name, uuid, mac, bridge }: SimGuest): GuestConfiguration {
  return { ...common, ref, name, template: false, uuid, nics: [{ slot: 'net0', mac, bridge, ipv4: 'dhcp' }] };
}

function templateConfiguration({ ref, name = '' }: GuestSummary): GuestConfiguration {
  return { ...common, ref, name, template: true, nics: [] };
}

function templateSummary(ref: GuestRef, { name }: Pick<SimTemplate, 'name'>): GuestSummary {
  return { ref, kind: 'vm', name, power: 'stopped', template: true, tags: [] };
}

function summaryOf({ ref, name }: SimGuest): GuestSummary {
  return { ref, kind: 'vm', name, power: 'running', template: false, tags: [] };
}

/** In the range that Proxmox VE takes by default. */
function macOf(vmid: number): Mac {
  const digits = vmid.toString(16).padStart(6, '0').match(/../g) ?? [];
  return `bc:24:11:${digits.join(':')}` as Mac;
}

function uuidOf(vmid: number): string {
  return `5a3c0000-0000-4000-8000-${vmid.toString(16).padStart(12, '0')}`;
}
