import { SourceError } from '../src/domain/error.ts';
import type { GuestConfiguration, GuestRef, GuestSummary } from '../src/domain/guest.ts';
import type { Mac } from '../src/domain/mac.ts';
import type { Hypervisor } from '../src/domain/ports.ts';
import { mustAnswer, neverOn, simAgent } from './agent.ts';
import type { SimClock } from './clock.ts';
import type { SimDhcpServer } from './dhcp-server.ts';
import { simGuestMaker } from './guest-maker.ts';
import {
  commonConfiguration,
  newGuest,
  type SimGuest,
  type SimGuests,
  simGuests,
  standingOf,
  summaryOf,
} from './guests.ts';
import type { SimMachine } from './machine.ts';
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

/** Milliseconds of tasks: a clone of a small disk, and the first half of a restart. */
const task = { cloneMs: 1200, shutdownMs: 1500 } as const;

/** A cluster of one node with {@link simTemplates}. */
export function simHypervisor(options: SimHypervisorOptions): SimHypervisor {
  const { id, node, clock } = options;
  const guests = simGuests(options);
  const own = new AbortController().signal;
  const port = portOf(options, guests);
  return {
    port,
    async clone(from, vmid, name, bridge) {
      const template = simTemplates.find((each) => each.vmid === from);
      if (template === undefined) throw new SourceError('not-found', id, `there is no template ${from}`);
      if (guests.byNumber.has(vmid)) throw new SourceError('command-failed', id, `VM ${vmid} exists already`);
      options.serverOn(bridge);
      await clock.sleep(task.cloneMs, own);
      const guest = newGuest({ hypervisor: id, node, vmid }, template);
      guest.settings = { ...guest.settings, name, bridge };
      guest.lock = undefined;
      guests.byNumber.set(vmid, guest);
      guests.start(guest);
    },
    async reboot(vmids) {
      await Promise.all(vmids.map((vmid) => restart(clock, guests, vmid, own)));
    },
    machine: guests.machineOf,
    mac: (vmid) => guests.of(vmid).settings.mac,
  };
}

async function restart(clock: SimClock, guests: SimGuests, vmid: number, signal: AbortSignal): Promise<void> {
  const guest = guests.of(vmid);
  if (!guest.on) throw new SourceError('command-failed', guest.ref.hypervisor, `VM ${vmid} not running`);
  await clock.sleep(task.shutdownMs, signal);
  guests.stop(guest);
  guests.start(guest);
}

function portOf({ id, node, clock }: SimHypervisorOptions, guests: SimGuests): Hypervisor {
  const templates = simTemplates.map((each) =>
    templateSummary({ hypervisor: id, node, vmid: each.vmid }, each),
  );
  const inventory = () => [...templates, ...[...guests.byNumber.values()].map(summaryOf)];
  return {
    id,
    find: async (vmid) => inventory().find(({ ref }) => ref.vmid === vmid),
    guests: async () => inventory(),
    async configuration({ ref }) {
      const template = templates.find((each) => each.ref.vmid === ref.vmid);
      return template === undefined ? configurationOf(guests.of(ref.vmid)) : templateConfiguration(template);
    },
    async power({ vmid }, action, signal) {
      if (action === 'reboot') return restart(clock, guests, vmid, signal);
      const guest = guests.of(vmid);
      if (guest.lock !== undefined)
        throw new SourceError('command-failed', id, `VM ${vmid} is locked (${guest.lock})`);
      guests.start(guest);
    },
    pending: async () => [],
    async rename({ ref }, name) {
      const guest = guests.of(ref.vmid);
      guest.settings = { ...guest.settings, name };
      guest.changes += 1;
    },
    making: simGuestMaker({ id, clock, guests }),
    agent({ vmid }) {
      const { machine, settings } = guests.of(vmid);
      if (machine !== undefined) return simAgent(id, machine, settings.mac);
      const refuse = () => Promise.reject(neverOn(id, vmid));
      return { interfaces: refuse, run: refuse };
    },
    inside({ ref: { vmid } }) {
      const { machine } = guests.of(vmid);
      const via = `guest agent of ${node}/${vmid}`;
      if (machine === undefined) return { via, run: () => Promise.reject(neverOn(id, vmid)) };
      return simShell({ via, machine, clock, mustOpen: () => mustAnswer(id, machine) });
    },
    async seed({ ref: { vmid } }) {
      const { settings, uuid } = guests.of(vmid);
      return {
        user: {
          text: `#cloud-config\nhostname: ${settings.name}\n`,
          custom: false,
          source: `generated user-data of ${vmid}`,
        },
        meta: { text: `instance-id: ${uuid}\n`, custom: false, source: `generated meta-data of ${vmid}` },
      };
    },
  };
}

function configurationOf(guest: SimGuest): GuestConfiguration {
  const { version: _version, description: _description, tags: _tags, ...configuration } = standingOf(guest);
  return configuration;
}

function templateConfiguration({ ref, name = '' }: GuestSummary): GuestConfiguration {
  return { ...commonConfiguration, ref, name, template: true, nics: [] };
}

function templateSummary(ref: GuestRef, { name }: Pick<SimTemplate, 'name'>): GuestSummary {
  return { ref, kind: 'vm', name, power: 'stopped', template: true, tags: [] };
}
