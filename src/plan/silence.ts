import { isNixos } from '../checks/exhibits.ts';
import type { SentName } from '../domain/dhcp-client.ts';
import { firstLabel, type Hostname, sameName } from '../domain/name.ts';
import type { Remedy } from '../domain/remedy.ts';
import { sentAtNextBoot, sentNow } from '../domain/sent-name.ts';
import type { GuestView } from '../domain/snapshot.ts';
import { copyOf } from './ladders/network-manager.ts';
import { ownDropIn } from './ladders/networkd.ts';
import { rung } from './ladders/rung.ts';

/**
 * Steps that let the other NICs of a machine send no name: two that ask for one name in one domain take it from
 * each other at every renewal. Each view is the guest as seen from one of those NICs, `own` from the one that carries
 * the name.
 */
export function silenceRungs(
  others: readonly GuestView[],
  wanted: Hostname,
  own: GuestView | undefined,
): Remedy[] {
  return others.flatMap((view) => {
    const rungs = competes(view, wanted) ? silence(view, own) : [];
    // What holds until the next boot only would be done anew at each run.
    return bears(sentNow(view), wanted) ? rungs : rungs.filter(({ lasts }) => lasts === 'always');
  });
}

/** NICs that are silent now, and that the next boot lets ask again: their devices. */
export function loudAgain(
  others: readonly GuestView[],
  wanted: Hostname,
  own: GuestView | undefined,
): string[] {
  return others
    .filter((view) => !bears(sentNow(view), wanted) && bears(sentAtNextBoot(view), wanted))
    .filter((view) => silence(view, own).some(({ lasts }) => lasts !== 'always'))
    .flatMap(({ client }) => client?.device ?? []);
}

/** NICs that compete and whose DHCP client cannot be told to send no name: their devices. */
export function unsilenced(
  others: readonly GuestView[],
  wanted: Hostname,
  own: GuestView | undefined,
): string[] {
  return others
    .filter((view) => competes(view, wanted) && silence(view, own).length === 0)
    .map(({ client, interfaces }) => client?.device ?? interfaces[0]?.device ?? 'another NIC');
}

function competes(view: GuestView, wanted: Hostname): boolean {
  return [sentNow(view), sentAtNextBoot(view)].some((sent) => bears(sent, wanted));
}

function bears(sent: SentName, wanted: Hostname): boolean {
  return sent.from !== 'nothing' && sameName(firstLabel(sent.name), wanted);
}

function silence(view: GuestView, own: GuestView | undefined): Remedy[] {
  const { client } = view;
  if (client?.kind === 'network-manager') {
    const copy = copyOf(client, isNixos(view));
    const action = {
      kind: 'silence-profile',
      client: client.kind,
      device: client.device,
      connection: client.connection.uuid,
      copy,
    } as const;
    return [rung(action, { disruption: 'renew', lasts: copy === 'saved' ? 'always' : 'boot' })];
  }
  if (client?.kind === 'networkd') {
    // One file for both NICs: what is written beside it would silence the one that carries the name too.
    if (own?.client?.kind === 'networkd' && own.client.file === client.file) return [];
    const nixos = isNixos(view);
    const path = ownDropIn(client, nixos ? '/run' : '/etc');
    const action = { kind: 'silence-link', client: client.kind, device: client.device, path } as const;
    return [rung(action, { disruption: 'renew', lasts: nixos ? 'boot' : 'always' })];
  }
  return [];
}
