import type { NetworkManagerState } from '../../src/domain/dhcp-client.ts';
import type { DhcpClientAction, ProfileCopy } from '../../src/domain/remedy.ts';
import type { Acknowledgement } from '../dhcp-server.ts';
import { type ClientPlace, isHostName, leaseState, notOfKind, type SimClient } from './client.ts';
import { type ProfileValues, profileCopies, type SimProfile } from './profile.ts';

/** NetworkManager, with what somebody can do to it past Truename. */
export interface SimNetworkManager extends SimClient {
  readonly kind: 'network-manager';
  state(): NetworkManagerState;
  /** `nmcli connection modify`, which asks nobody; the profile gets a file, and keeps it. */
  modify(change: Partial<Omit<ProfileValues, 'timeout'>>): void;
  /** `nmcli device reapply`: asks where that changes something, and does nothing where it does not. */
  reapply(): void;
  /** `nmcli connection up`. */
  up(): void;
}

/** An activation takes the address away for this long: 6 of 333 pings at 20 ms in the lab. */
const activationMs = 120;
/** Disconnecting and connecting: 9 of 333. */
const bounceMs = 180;

/** NetworkManager 1.52 with one profile. */
export function simNetworkManager(place: ClientPlace, profile: SimProfile): SimNetworkManager {
  const { mac, names, server } = place;
  const clientId = `01:${mac}`;
  const copies = profileCopies(profile);
  let believed = '';
  let lease: Acknowledgement | undefined;
  names.onStatic((name) => {
    believed = name;
    // It sets the kernel's name to the static one that it was told.
    if (name !== '') names.setKernel(name);
  });

  const ask = () => {
    lease = server.request({ mac, clientId, name: sent(copies.applied(), believed) });
  };
  const put = (values: ProfileValues) => {
    if (copies.put(values)) ask();
  };
  const up = () => {
    copies.activate();
    ask();
  };

  return {
    kind: 'network-manager',
    state: (): NetworkManagerState => ({
      kind: 'network-manager',
      version: '1.52.1',
      ...leaseState(place, lease),
      ...copies.state(),
      devicePath: '/org/freedesktop/NetworkManager/Devices/2',
      clientId,
      fqdn: '',
      believedStatic: believed,
      otherNames: [],
    }),
    address: () => lease?.address,
    boot() {
      copies.declare();
      up();
    },
    activate: copies.declare,
    modify: copies.modify,
    reapply: () => put(copies.saved()),
    up,
    apply: (step) => rung(step, { copies, put, up, tellAnew: names.restartHostnamed }),
    restore: copies.restore,
  };
}

/** What a rung is made of. */
interface Means {
  readonly copies: ReturnType<typeof profileCopies>;
  readonly put: (values: ProfileValues) => void;
  readonly up: () => void;
  /** Has hostnamed tell the static name. */
  readonly tellAnew: () => void;
}

function rung(step: DhcpClientAction, means: Means): number {
  const { up, tellAnew } = means;
  switch (step.kind) {
    case 'refresh-static-name':
      tellAnew();
      forceRenewal(means);
      return 0;
    case 'set-profile-name':
      change(means, step.copy, { name: step.name, sends: true });
      return 0;
    case 'clear-profile-name':
      if (!step.knowsStaticName) tellAnew();
      change(means, step.copy, { name: '' });
      return 0;
    case 'silence-profile':
      change(means, step.copy, { sends: false });
      return 0;
    case 'force-renewal':
      forceRenewal(means);
      return 0;
    case 'activate-connection':
      up();
      return activationMs;
    case 'bounce-connection':
      up();
      return bounceMs;
    default:
      throw notOfKind('NetworkManager', step.kind);
  }
}

/** A change of the copy in force asks by itself; one of the file does so when it is applied. */
function change(
  { copies, put }: Means,
  copy: ProfileCopy,
  values: Partial<Omit<ProfileValues, 'timeout'>>,
): void {
  if (copy === 'saved') copies.modify(values);
  put(copy === 'saved' ? copies.saved() : { ...copies.applied(), ...values });
}

/** Another timeout than the one in force is a change, and so a REQUEST. */
function forceRenewal({ copies, put }: Means): void {
  const applied = copies.applied();
  put({ ...applied, timeout: applied.timeout === 48 ? 47 : 48 });
}

/** The profile's name, else the first label of the static one; none that is no host name. */
function sent({ sends, name }: ProfileValues, believed: string): string | undefined {
  const chosen = name === '' ? (believed.split('.')[0] ?? '') : name;
  return sends && chosen !== '' && isHostName(chosen) ? chosen : undefined;
}
