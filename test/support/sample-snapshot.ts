import type { Address } from '../../src/domain/address.ts';
import type { NetworkManagerState } from '../../src/domain/dhcp-client.ts';
import type { HostNames, NixosSystem } from '../../src/domain/guest-facts.ts';
import type { Lease } from '../../src/domain/lease.ts';
import type { Mac } from '../../src/domain/mac.ts';
import type { Fqdn } from '../../src/domain/name.ts';
import { type NotObservable, observed } from '../../src/domain/observation.ts';
import type { DnsAnswer } from '../../src/domain/ports.ts';
import type { GuestView, ResolverView, Snapshot } from '../../src/domain/snapshot.ts';

/** The moment at which all samples were read, by every clock. */
export const at = '2026-01-01T12:00:00.000Z';
export const mac = 'bc:24:11:00:00:01' as Mac;
export const address = '10.2.10.5' as Address;
export const fullName = 'alpha.mgmt.internal' as Fqdn;

/** An observation that nobody could make. */
export function blind(why = 'no answer'): NotObservable {
  return { seen: 'not-observable', code: 'timeout', why, source: 'test', at };
}

/** A system that declares a name. */
export function system(declaredName: string): NixosSystem {
  return {
    path: `/nix/store/${declaredName}-nixos`,
    declaredName,
    kernel: 'k',
    initrd: 'i',
    kernelModules: 'm',
  };
}

/** NetworkManager with a profile that holds no name, and a lease for one more hour. */
export function client(changes: Partial<NetworkManagerState> = {}): NetworkManagerState {
  return {
    kind: 'network-manager',
    version: '1.52.1',
    device: 'ens18',
    devicePath: '/org/freedesktop/NetworkManager/Devices/2',
    activated: true,
    connection: {
      uuid: 'u-1',
      id: 'Wired',
      file: '/etc/NetworkManager/system-connections/w',
      storage: 'etc',
    },
    savedName: '',
    appliedName: '',
    appliedVersion: 3,
    appliedTimeout: 0,
    sendsName: true,
    fqdn: '',
    believedStatic: undefined,
    clientId: '01:bc:24:11:00:00:01',
    acknowledgedName: 'alpha',
    leaseExpiresAt: '2026-01-01T13:00:00.000Z',
    otherNames: [],
    ...changes,
  };
}

/** What differs from a guest that bears the name `alpha` throughout. */
export interface GuestChanges {
  readonly client?: Partial<NetworkManagerState> | 'none';
  readonly host?: Partial<HostNames>;
  readonly nixos?: Partial<GuestView['nixos']>;
}

/** A guest that bears the name `alpha` throughout. */
export function guest(changes: GuestChanges = {}): GuestView {
  return {
    identity: { macs: [mac], uuid: 'uuid', bootId: 'boot-1', clock: at },
    os: { id: 'nixos', name: 'NixOS 25.11', machineId: '0123456789abcdef0123456789abcdef', systemd: true },
    interfaces: [{ device: 'ens18', mac, above: [], addresses: [{ address, dynamic: true }], ipv6: [] }],
    host: { static: 'alpha', believedStatic: 'alpha', transient: 'alpha', ...changes.host },
    nixos: { booted: system('alpha'), current: system('alpha'), next: system('alpha'), ...changes.nixos },
    cloudInit: { status: 'done', errors: [], givenName: 'alpha' },
    client: changes.client === 'none' ? undefined : client(changes.client),
    otherClients: [],
  };
}

/** What differs from a machine that bears its name in every place. */
export interface SnapshotChanges {
  readonly guest?: GuestChanges | Snapshot['guest'];
  readonly lease?: { readonly [Key in keyof Lease]?: Lease[Key] | undefined } | Snapshot['lease'];
  readonly forward?: DnsAnswer<Address> | NotObservable;
  readonly reverse?: DnsAnswer<Fqdn> | NotObservable;
}

/** A machine that bears the name `alpha` in every place. */
export function snapshot(changes: SnapshotChanges = {}): Snapshot {
  return {
    hypervisor: observed('alpha', { source: 'hypervisor', at }),
    guest:
      changes.guest && 'seen' in changes.guest
        ? changes.guest
        : observed(guest(changes.guest), { source: 'guest', at }),
    lease: changes.lease && 'seen' in changes.lease ? changes.lease : leaseOf(changes.lease),
    resolvers: [resolver(changes)],
  };
}

function leaseOf(changes: SnapshotChanges['lease'] = {}): Snapshot['lease'] {
  const lease = { address, mac, name: 'alpha', expiresAt: '2026-01-01T13:00:00.000Z', ...changes } as Lease;
  return observed({ lease, readAt: at }, { source: 'leases', at });
}

function resolver({ forward, reverse }: SnapshotChanges): ResolverView {
  const where = { source: 'dns', at };
  return {
    resolver: 'unbound',
    forward:
      forward && 'seen' in forward
        ? forward
        : observed(forward ?? { status: 'answered', records: [address] }, where),
    reverse:
      reverse && 'seen' in reverse
        ? reverse
        : observed(reverse ?? { status: 'answered', records: [fullName] }, where),
  };
}
