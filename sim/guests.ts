import { SourceError } from '../src/domain/error.ts';
import type { GuestConfiguration, GuestRef, GuestSummary } from '../src/domain/guest.ts';
import type { StandingGuest } from '../src/domain/guest-maker.ts';
import { type Mac, parseMac } from '../src/domain/mac.ts';
import { neverOn } from './agent.ts';
import type { SimClock } from './clock.ts';
import type { SimDhcpServer } from './dhcp-server.ts';
import { type SimMachine, simMachine } from './machine.ts';
import type { SimTemplate } from './templates.ts';

/** A clone: what its configuration says, and the machine that it is once it was switched on. */
export interface SimGuest {
  readonly ref: GuestRef;
  readonly uuid: string;
  readonly template: SimTemplate;
  /** What the next start uses. */
  settings: SimSettings;
  /** Since its first start. */
  machine: SimMachine | undefined;
  on: boolean;
  /** `clone` while it is being made. */
  lock: string | undefined;
  /** How often its configuration was changed. */
  changes: number;
}

/** What may be changed of a clone. */
export interface SimSettings
  extends Pick<GuestConfiguration, 'name' | 'searchDomain' | 'customSeed'>,
    Pick<StandingGuest, 'description' | 'tags'> {
  readonly mac: Mac;
  readonly bridge: string;
  readonly vlan?: number;
  readonly ipv4?: GuestConfiguration['nics'][number]['ipv4'];
}

/** What the clones of a hypervisor need. */
export interface SimGuestsOptions {
  readonly id: string;
  readonly clock: SimClock;
  /** The DHCP server of a bridge. Throws for a bridge that is not there. */
  readonly serverOn: (bridge: string) => SimDhcpServer;
}

/** The clones of a hypervisor by number. */
export interface SimGuests {
  readonly byNumber: Map<number, SimGuest>;
  /** Throws for a number that none has. */
  of(vmid: number): SimGuest;
  /** The inside of a clone. Throws for one that was never switched on. */
  machineOf(vmid: number): SimMachine;
  /** Switches a clone on; nothing for one that is. */
  start(guest: SimGuest): void;
  stop(guest: SimGuest): void;
}

/** No clones. */
export function simGuests({ id, clock, serverOn }: SimGuestsOptions): SimGuests {
  const byNumber = new Map<number, SimGuest>();
  const of = (vmid: number) => {
    const found = byNumber.get(vmid);
    if (found === undefined) throw new SourceError('not-found', id, `there is no VM ${vmid}`);
    return found;
  };
  return {
    byNumber,
    of,
    machineOf(vmid) {
      const { machine } = of(vmid);
      if (machine === undefined) throw neverOn(id, vmid);
      return machine;
    },
    start(guest) {
      const { template, uuid, settings } = guest;
      const { mac, bridge } = settings;
      const givenName = () => guest.settings.name;
      guest.machine ??= simMachine({ template, mac, uuid, givenName, server: serverOn(bridge), clock });
      guest.on = true;
      guest.machine.start();
    },
    stop(guest) {
      guest.on = false;
      guest.machine?.stop();
    },
  };
}

/** A clone that is being made: nothing but its number and its lock are to be seen. */
export function newGuest(ref: GuestRef, template: SimTemplate): SimGuest {
  const [mac, uuid] = [macOf(ref.vmid), uuidOf(ref.vmid)];
  const settings: SimSettings = { name: '', tags: [], mac, bridge: 'lan', ipv4: 'dhcp' };
  return { ref, uuid, template, settings, machine: undefined, on: false, lock: 'clone', changes: 0 };
}

/** What all configurations have in common. */
export const commonConfiguration = { agentEnabled: true, cloudInit: true, osType: 'l26' } as const;

/** A clone as its configuration describes it. */
export function standingOf({ ref, uuid, lock, changes, settings }: SimGuest): StandingGuest {
  const { mac, bridge, vlan, ipv4, ...said } = settings;
  const nic = {
    slot: 'net0',
    mac,
    bridge,
    ...(vlan === undefined ? {} : { vlan }),
    ...(ipv4 === undefined ? {} : { ipv4 }),
  };
  return {
    ...commonConfiguration,
    ...said,
    ref,
    uuid,
    template: false,
    nics: [nic],
    version: `${uuid} ${changes}`,
    ...(lock === undefined ? {} : { lock }),
  };
}

/** A clone as a list shows it. */
export function summaryOf({ ref, settings, on, lock }: SimGuest): GuestSummary {
  return {
    ref,
    kind: 'vm',
    power: on ? 'running' : 'stopped',
    template: false,
    tags: settings.tags,
    ...(settings.name === '' ? {} : { name: settings.name }),
    ...(lock === undefined ? {} : { lock }),
  };
}

/** In the range that Proxmox VE takes by default. */
function macOf(vmid: number): Mac {
  const digits = vmid.toString(16).padStart(6, '0').match(/../g) ?? [];
  const mac = parseMac(`bc:24:11:${digits.join(':')}`);
  if (mac === undefined) throw new Error(`no MAC address for ${vmid}`);
  return mac;
}

function uuidOf(vmid: number): string {
  return `5a3c0000-0000-4000-8000-${vmid.toString(16).padStart(12, '0')}`;
}
