import type { DhcpClientState, SentName } from '../domain/dhcp-client.ts';
import { sameName } from '../domain/name.ts';
import type { GuestView } from '../domain/snapshot.ts';

/** What the client would send if it asked now: the applied profile's name, else the static one. */
export function sentNow(view: GuestView): SentName {
  const { client } = view;
  if (client === undefined)
    return { from: 'nothing', why: 'no DHCP client that Truename knows holds the interface' };
  if (!client.sendsName) return { from: 'nothing', why: 'the connection profile is set to send no name' };
  const named = client.appliedName ?? client.savedName;
  return named === '' ? staticName(view.host.static) : { from: 'profile', name: named };
}

/**
 * What the client would send after the next boot: the saved profile's name, else the name that the next
 * system declares (NixOS), else the static one.
 */
export function sentAtNextBoot(view: GuestView): SentName {
  const { client, nixos, host } = view;
  if (client === undefined)
    return { from: 'nothing', why: 'no DHCP client that Truename knows holds the interface' };
  if (!client.sendsName) return { from: 'nothing', why: 'the connection profile is set to send no name' };
  if (client.savedName !== '') return { from: 'profile', name: client.savedName };
  return staticName(nixos.next === undefined ? host.static : nixos.next.declaredName);
}

/** Names in other profiles that the next boot could choose for the same device. */
export function rivalNames(client: DhcpClientState, wanted: string): DhcpClientState['otherNames'] {
  return client.otherNames.filter((other) => !sameName(other.name, wanted));
}

/** NetworkManager sends no static name that is a localhost, and cuts it at the first dot (nm-dhcp-client.c). */
function staticName(name: string): SentName {
  const short = name.split('.')[0] ?? '';
  if (short === '' || short === 'localhost')
    return { from: 'nothing', why: 'the machine has no static name' };
  return { from: 'static', name: short };
}
