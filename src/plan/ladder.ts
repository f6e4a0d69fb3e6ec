import { parseHostname, sameName } from '../domain/name.ts';
import type { Remedy } from '../domain/remedy.ts';
import type { GuestView, Snapshot } from '../domain/snapshot.ts';
import { leaseDrift, leaseTolerance } from './lease-drift.ts';

/** Ladders for a guest under NetworkManager, gentlest first; each rung at most once in a climb. */
export function ladder(snapshot: Snapshot, name: string): Remedy[] {
  // What nobody could read is no reason to touch a guest, and nothing could tell whether it helped.
  if (snapshot.guest.seen !== 'value' || snapshot.lease.seen === 'not-observable') return [];
  const view = snapshot.guest.value;
  const { client } = view;
  const wanted = parseHostname(name);
  if (client === undefined || wanted === undefined) return [];
  const { device } = client;
  const connection = client.connection.uuid;
  const rungs: Remedy[] = [];
  // A name in the profile outlives every declaration; without it the declared one speaks.
  const stale = [client.savedName, client.appliedName ?? ''].find(
    (held) => held !== '' && !sameName(held, name),
  );
  // A profile under /run comes from the declaration: an edit would shadow it in /etc and outlive it.
  if (stale !== undefined && client.connection.storage === 'etc' && sameName(view.host.static, name)) {
    rungs.push({
      kind: 'clear-profile-name',
      client: client.kind,
      device,
      connection,
      stale,
      disruption: 'renew',
      reach: 'guest',
    });
  }
  if (leaseIsRight(snapshot, view, name)) return rungs;
  if (rungs.length === 0) {
    rungs.push({
      kind: 'refresh-static-name',
      client: client.kind,
      device,
      name: wanted,
      disruption: 'renew',
      reach: 'guest',
    });
  }
  rungs.push({ kind: 'force-renewal', client: client.kind, device, disruption: 'renew', reach: 'guest' });
  rungs.push({
    kind: 'activate-connection',
    client: client.kind,
    device,
    connection,
    disruption: 'blip',
    reach: 'guest',
  });
  return rungs;
}

/** The kernel's name, where it is not yet the one that the machine bears by declaration. */
export function transientRemedy(snapshot: Snapshot, name: string): Remedy | undefined {
  if (snapshot.guest.seen !== 'value') return undefined;
  const { host } = snapshot.guest.value;
  const wanted = parseHostname(name);
  if (wanted === undefined || sameName(host.transient, name) || !sameName(host.static, name))
    return undefined;
  return { kind: 'set-transient-name', name: wanted, disruption: 'none', reach: 'guest' };
}

function leaseIsRight(snapshot: Snapshot, view: GuestView, name: string): boolean {
  if (snapshot.lease.seen !== 'value' || !sameName(snapshot.lease.value.lease.name, name)) return false;
  const drift = leaseDrift(snapshot.lease.value, view);
  return drift === undefined || drift <= leaseTolerance;
}
