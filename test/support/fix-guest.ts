import type { Address } from '../../src/domain/address.ts';
import type { DhcpClientState } from '../../src/domain/dhcp-client.ts';
import type { GuestConfiguration, GuestSummary } from '../../src/domain/guest.ts';
import { hostKeyAlias } from '../../src/domain/host-key.ts';
import type { Mac } from '../../src/domain/mac.ts';
import type { Remedy } from '../../src/domain/remedy.ts';
import { sentNow } from '../../src/domain/sent-name.ts';
import type { GuestView } from '../../src/domain/snapshot.ts';
import { client, guest as sampleGuest, system } from './sample-snapshot.ts';

/** What a test says of a guest; whatever it leaves out is right. */
export interface GivenGuest {
  readonly vmid: number;
  readonly name: string;
  /** Name in its lease; null for none, `absent` for no lease at all. */
  readonly lease?: string | null | 'absent';
  readonly client?: DhcpClientState;
  readonly host?: Partial<GuestView['host']>;
  /** Debian, where the static name may be set; NixOS when left out. */
  readonly debian?: true;
  /** The name that its NixOS system declares; its own when left out. */
  readonly declared?: string;
  /** The client of a second NIC in the same segment; undefined for a guest with one NIC. */
  readonly second?: DhcpClientState;
  readonly summary?: Partial<GuestSummary>;
  readonly uuid?: string;
}

/** A guest of the world in memory. */
export interface WorldGuest {
  readonly summary: GuestSummary;
  readonly configuration: GuestConfiguration;
  readonly alias: string;
  readonly mac: Mac;
  readonly address: Address;
  /** As it is now, seen from its first NIC. */
  view: GuestView;
  /** As its second NIC sees it. */
  second: GuestView | undefined;
  /** Name in its lease. */
  lease: string | null | 'absent';
  /** ISO 8601, UTC. */
  leaseEnds: string;
}

/** Where all leases end at first. */
const firstEnd = '2026-01-01T13:00:00.000Z';

/** Makes a guest of what is said of it. */
export function worldGuest(given: GivenGuest): WorldGuest {
  const { vmid, name, second } = given;
  const ref = { hypervisor: 'pve', node: 'pve1', vmid };
  const uuid = given.uuid ?? `uuid-${vmid}`;
  const mac = macOf(vmid, 1);
  const macs = second === undefined ? [mac] : [mac, macOf(vmid, 2)];
  const address = `10.2.10.${vmid % 250}` as Address;
  const held = given.client ?? client({ acknowledgedName: name });
  const view = viewOf(given, { mac, address, held });
  return {
    summary: { ref, kind: 'vm', name, power: 'running', template: false, tags: [], ...given.summary },
    configuration: {
      ref,
      name,
      template: false,
      uuid,
      nics: macs.map((each, index) => ({ slot: `net${index}`, mac: each, bridge: 'lan' })),
      agentEnabled: true,
      cloudInit: false,
    },
    alias: hostKeyAlias(vmid, uuid),
    mac,
    address,
    view,
    second: second && { ...view, client: second },
    lease: given.lease === undefined ? name : given.lease,
    leaseEnds: firstEnd,
  };
}

/** The MAC address of a guest's NIC, counted from 1. */
export function macOf(vmid: number, nic: 1 | 2): Mac {
  return `bc:24:11:0${nic}:00:${(vmid % 256).toString(16).padStart(2, '0')}` as Mac;
}

function viewOf(
  { name, host, debian, declared = name }: GivenGuest,
  { mac, address, held }: { readonly mac: Mac; readonly address: Address; readonly held: DhcpClientState },
): GuestView {
  const names = { static: name, believedStatic: name, transient: name, ...host };
  const declares = system(declared);
  const view = sampleGuest({ host: names, nixos: { booted: declares, current: declares, next: declares } });
  const interfaces = [{ device: 'ens18', mac, above: [], addresses: [{ address, dynamic: true }], ipv6: [] }];
  const own = { ...view, identity: { ...view.identity, macs: [mac] }, interfaces, client: held };
  if (debian === undefined) return own;
  return {
    ...own,
    os: { ...own.os, id: 'debian', name: 'Debian GNU/Linux 13' },
    nixos: { booted: undefined, current: undefined, next: undefined },
  };
}

/** Carries out a rung as the products do: names change, and whatever asks the DHCP server gets what it then sends. */
export function carryOut(guest: WorldGuest, remedy: Remedy): void {
  if ('device' in remedy && remedy.device !== guest.view.client?.device) {
    guest.second = guest.second && changed(guest.second, remedy);
    return;
  }
  guest.view = changed(guest.view, remedy);
  if (remedy.disruption !== 'none') renew(guest);
}

/** The client asks, and the server takes the name that it sends. */
function renew(guest: WorldGuest): void {
  const sent = sentNow(guest.view);
  const next = Date.parse(guest.leaseEnds) + 10_000;
  guest.lease = sent.from === 'nothing' ? null : sent.name;
  guest.leaseEnds = new Date(next).toISOString();
  const { client: held } = guest.view;
  if (held !== undefined)
    guest.view = { ...guest.view, client: { ...held, leaseExpiresAt: guest.leaseEnds } };
}

function changed(view: GuestView, remedy: Remedy): GuestView {
  const { host, client: held } = view;
  switch (remedy.kind) {
    case 'set-static-name': {
      const { name } = remedy;
      return { ...view, host: { static: name, believedStatic: name, transient: name } };
    }
    case 'set-transient-name':
      return { ...view, host: { ...host, transient: remedy.name } };
    case 'write-drop-in':
      if (held?.kind !== 'networkd') return view;
      return { ...view, client: { ...held, now: { from: 'profile', name: remedy.name, file: remedy.path } } };
    case 'silence-link': {
      if (held?.kind !== 'networkd') return view;
      const none = { from: 'nothing', why: 'SendHostname=no' } as const;
      return {
        ...view,
        client: { ...held, now: none, ...(remedy.lasts === 'boot' ? {} : { nextBoot: none }) },
      };
    }
    case 'set-profile-name':
    case 'clear-profile-name':
    case 'silence-profile':
      return { ...view, client: held?.kind === 'network-manager' ? profile(held, remedy) : held };
    default:
      return view;
  }
}

function profile(
  held: Extract<DhcpClientState, { kind: 'network-manager' }>,
  remedy: Extract<Remedy, { kind: 'set-profile-name' | 'clear-profile-name' | 'silence-profile' }>,
): DhcpClientState {
  if (remedy.kind === 'silence-profile') return { ...held, sendsName: false };
  const name = remedy.kind === 'set-profile-name' ? remedy.name : '';
  return {
    ...held,
    sendsName: true,
    appliedName: name,
    savedName: remedy.copy === 'saved' ? name : held.savedName,
  };
}
