import { SourceError } from '../src/domain/error.ts';
import type { GuestMaker, GuestSettings, MadeGuest } from '../src/domain/guest-maker.ts';
import type { SimClock } from './clock.ts';
import { newGuest, type SimGuest, type SimGuests, type SimSettings, standingOf } from './guests.ts';
import { simTemplates } from './templates.ts';

/** Milliseconds of the copy of a small disk. */
const cloneMs = 1200;

/** The first number that a cluster gives by itself, as that of Proxmox VE. */
const firstNumber = 100;

/** What makes guests in memory needs. */
export interface SimGuestMakerOptions {
  readonly id: string;
  readonly clock: SimClock;
  readonly guests: SimGuests;
}

/** Makes guests as a cluster does: by tasks that go on when nobody waits for them any more. */
export function simGuestMaker({ id, clock, guests }: SimGuestMakerOptions): GuestMaker {
  const taken = (vmid: number) =>
    guests.byNumber.has(vmid) || simTemplates.some((template) => template.vmid === vmid);
  const unlocked = (vmid: number): SimGuest => {
    const guest = guests.of(vmid);
    if (guest.lock === undefined) return guest;
    throw new SourceError('vm-locked', id, `VM ${vmid} is locked (${guest.lock})`);
  };

  const goOn = (signal: AbortSignal): void => {
    if (signal.aborted) throw new SourceError('cancelled', id, 'interrupted');
  };

  return {
    async freeNumber({ from = firstNumber, besides }, signal) {
      goOn(signal);
      let free = from;
      while (taken(free) || besides?.has(free) === true) free += 1;
      return free;
    },
    async clone({ source, vmid, name, description, targetNode }, signal): Promise<MadeGuest> {
      goOn(signal);
      const template = simTemplates.find((each) => each.vmid === source.vmid);
      if (template === undefined)
        throw new SourceError('not-found', id, `there is no template ${source.vmid}`);
      if (targetNode !== undefined && targetNode !== source.node)
        throw new SourceError('command-failed', id, `there is no node ${targetNode}`);
      if (taken(vmid)) throw new SourceError('guest-number-taken', id, `VM ${vmid} exists already`);
      const guest = newGuest({ ...source, vmid }, template);
      guests.byNumber.set(vmid, guest);
      clock.after(cloneMs, () => {
        guest.settings = { ...guest.settings, name, description };
        guest.lock = undefined;
      });
      await clock.sleep(cloneMs, signal).catch((cause: unknown) => {
        throw new SourceError('cancelled', id, `interrupted while VM ${vmid} was made`, { cause });
      });
      return { ref: guest.ref, warnings: [] };
    },
    async standing({ vmid }, signal) {
      goOn(signal);
      return standingOf(guests.of(vmid));
    },
    async configure({ ref, version }, settings, signal) {
      goOn(signal);
      const guest = unlocked(ref.vmid);
      if (standingOf(guest).version !== version) throw changed(id, ref.vmid);
      if (guest.machine !== undefined && settings.nics !== undefined)
        throw new SourceError('unsupported', id, 'the simulation moves no NIC of a guest that has run');
      guest.settings = changedSettings(id, guest.settings, settings);
      guest.changes += 1;
      return standingOf(guest);
    },
    async regenerateSeed({ vmid }, signal) {
      goOn(signal);
      unlocked(vmid);
    },
    async stop({ vmid }, signal) {
      goOn(signal);
      guests.stop(unlocked(vmid));
    },
    async remove({ ref: { vmid }, uuid }, signal) {
      goOn(signal);
      if (simTemplates.some((template) => template.vmid === vmid))
        throw new SourceError('vm-is-template', id, `${vmid} is a template`);
      if (!guests.byNumber.has(vmid)) return;
      const guest = unlocked(vmid);
      if (guest.uuid !== uuid) throw changed(id, vmid);
      if (guest.on) throw new SourceError('guest-on', id, `VM ${vmid} runs`);
      guests.byNumber.delete(vmid);
    },
  };
}

function changed(id: string, vmid: number): SourceError {
  return new SourceError('guest-changed', id, `VM ${vmid} is not what was looked at`);
}

/** A guest of the simulation has one NIC, and its size is nothing to it. */
function changedSettings(id: string, before: SimSettings, settings: GuestSettings): SimSettings {
  const { nics = [], cores: _cores, memoryMiB: _memory, nameServers: _servers, ...said } = settings;
  const nic = nics[0];
  if (nics.length > 1 || (nic !== undefined && nic.slot !== 'net0'))
    throw new SourceError('unsupported', id, 'a guest of the simulation has net0 and no other NIC');
  if (nic === undefined) return { ...before, ...said };
  const { vlan: formerVlan, ipv4: formerIpv4, bridge: formerBridge, ...rest } = before;
  const vlan = nic.vlan === undefined ? formerVlan : nic.vlan;
  const ipv4 = nic.ipv4 === undefined ? formerIpv4 : nic.ipv4;
  return {
    ...rest,
    ...said,
    mac: nic.mac,
    bridge: nic.bridge ?? formerBridge,
    ...(vlan === undefined || vlan === 'none' ? {} : { vlan }),
    ...(ipv4 === undefined ? {} : { ipv4: typeof ipv4 === 'string' ? ipv4 : { fixed: ipv4.fixed } }),
  };
}
