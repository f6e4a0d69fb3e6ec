import { firstLabel, type Hostname, parseHostname, sameName } from '../domain/name.ts';
import type { Remedy } from '../domain/remedy.ts';
import { sentAtNextBoot } from '../domain/sent-name.ts';
import type { GuestView, Snapshot } from '../domain/snapshot.ts';
import { judgeNextBoot, judgeNextRenewal } from './judge-lasting.ts';
import { dhcpcdRungs } from './ladders/dhcpcd.ts';
import { networkManagerRungs } from './ladders/network-manager.ts';
import { networkdRungs } from './ladders/networkd.ts';
import { type LadderScene, rung } from './ladders/rung.ts';
import { staticNameRungs, transientNameRungs } from './ladders/static-name.ts';
import { leaseDrift, leaseTolerance } from './lease-drift.ts';
import { defaultLimits, inOrder, isAllowed, type Limits } from './limits.ts';

/** The rungs that may put the name of this guest right, gentlest first; each is taken at most once in a climb. */
export function ladder(snapshot: Snapshot, name: string, options: LadderOptions = {}): Remedy[] {
  const { limits = defaultLimits, taken = [] } = options;
  return wholeLadder(snapshot, name, taken).filter((each) => isAllowed(each, limits));
}

/** What a ladder goes by beside the guest. */
export interface LadderOptions {
  readonly limits?: Limits;
  /** Rungs that were taken in this climb. */
  readonly taken?: readonly Remedy[];
}

/** All rungs, also those that nobody allowed: what is left out of a climb is said. */
export function wholeLadder(snapshot: Snapshot, name: string, taken: readonly Remedy[] = []): Remedy[] {
  // What nobody could read is no reason to touch a guest, and nothing could tell whether it helped.
  if (snapshot.guest.seen !== 'value' || snapshot.lease.seen === 'not-observable') return [];
  const view = snapshot.guest.value;
  const wanted = parseHostname(name);
  if (view.client === undefined || view.client.kind === 'dhclient' || wanted === undefined) return [];
  const leaseIsRight = isLeaseRight(snapshot, view, name);
  const lasts = [judgeNextRenewal(snapshot.guest, name), judgeNextBoot(snapshot.guest, name)];
  if (leaseIsRight && lasts.every(({ state }) => state === 'proven')) return [];
  // A static name that could not be set is as one that nobody may set.
  const refused = taken.some(({ kind }) => kind === 'set-static-name');
  const own = refused ? [] : staticNameRungs(view, wanted);
  const staticIsRight = own.length > 0 || sameName(view.host.static, name);
  const scene: LadderScene = { view, wanted, leaseIsRight, staticIsRight, taken };
  return inOrder([...own, ...clientRungs(view, scene), ...(leaseIsRight ? [] : rebootRungs(view, wanted))]);
}

/** The kernel's name, where it is not yet the one that the machine bears by declaration. */
export function transientRemedy(snapshot: Snapshot, name: string): Remedy | undefined {
  const wanted = parseHostname(name);
  if (snapshot.guest.seen !== 'value' || wanted === undefined) return undefined;
  return transientNameRungs(snapshot.guest.value, wanted)[0];
}

function clientRungs({ client }: GuestView, scene: LadderScene): Remedy[] {
  switch (client?.kind) {
    case 'network-manager':
      return networkManagerRungs(client, scene);
    case 'networkd':
      return networkdRungs(client, scene);
    case 'dhcpcd':
      return dhcpcdRungs(client, scene);
    case 'dhclient':
    case undefined:
      return [];
  }
}

/** A boot helps only where it would send the name. */
function rebootRungs(view: GuestView, wanted: Hostname): Remedy[] {
  const next = sentAtNextBoot(view);
  if (next.from === 'nothing' || !sameName(next.name, wanted)) return [];
  return [rung({ kind: 'reboot-guest' }, { disruption: 'reboot', lasts: 'request' })];
}

function isLeaseRight(snapshot: Snapshot, view: GuestView, name: string): boolean {
  if (snapshot.lease.seen !== 'value' || !sameName(firstLabel(snapshot.lease.value.lease.name), name))
    return false;
  const drift = leaseDrift(snapshot.lease.value, view);
  return drift === undefined || drift <= leaseTolerance;
}
