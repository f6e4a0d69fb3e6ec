import { isNixos } from '../../checks/exhibits.ts';
import type { NetworkdState } from '../../domain/dhcp-client.ts';
import { sameName } from '../../domain/name.ts';
import type { Remedy } from '../../domain/remedy.ts';
import { type LadderScene, rung } from './rung.ts';
import { transientNameRungs } from './static-name.ts';

/** Drop-ins apply in the order of their names (systemd.network(5)), so that this one has the last word. */
const ownName = 'zz-truename.conf';

/**
 * Rungs for systemd-networkd. It repeats the name with which it set up a link, whatever the machine is called by
 * then, and sets it up anew, without a RELEASE, when a file of the link changed: so each rung changes one and reloads.
 */
export function networkdRungs(client: NetworkdState, scene: LadderScene): Remedy[] {
  const { view, wanted, leaseIsRight } = scene;
  const named = nameRungs(client, scene);
  // It sets a link up with the kernel's name, which systemd takes from a static name at boot only.
  const kernel = client.now.from === 'transient' ? transientNameRungs(view, wanted) : [];
  if (leaseIsRight) return [...kernel, ...named];
  const { kind, device } = client;
  const reload = rung(
    {
      kind: 'reload-link',
      client: kind,
      device,
      path: `${dropInFolder(client, '/run')}/zz-truename-reload.conf`,
    },
    { disruption: 'renew', lasts: 'request' },
  );
  return [
    ...kernel,
    ...(named.length > 0 ? named : [reload]),
    rung({ kind: 'reconfigure-link', client: kind, device }, { disruption: 'blip', lasts: 'request' }),
  ];
}

/** Where Truename's own drop-in for a link is kept. */
export function ownDropIn(client: NetworkdState, folder: '/etc' | '/run'): string {
  return `${dropInFolder(client, folder)}/${ownName}`;
}

/** A drop-in beside a file of the same name, whatever folder that is in (systemd.network(5)). */
function dropInFolder({ file }: NetworkdState, folder: '/etc' | '/run'): string {
  return `${folder}/systemd/network/${file.slice(file.lastIndexOf('/') + 1)}.d`;
}

/** A name is written down only where the machine's own cannot speak: another is written, or nobody may set it. */
function nameRungs(client: NetworkdState, { view, wanted, staticIsRight }: LadderScene): Remedy[] {
  const { now } = client;
  const nixos = isNixos(view);
  if (now.from === 'profile' && sameName(now.name, wanted)) return [];
  // On NixOS a drop-in would not outlive the kernel's name, so it adds nothing where that is right.
  const speaks =
    staticIsRight || (nixos && now.from === 'transient' && sameName(view.host.transient, wanted));
  if (now.from !== 'profile' && now.from !== 'nothing' && speaks) return [];
  const path = ownDropIn(client, nixos ? '/run' : '/etc');
  const was = now.from === 'profile' && now.file === path ? now.name : '';
  return [
    rung(
      { kind: 'write-drop-in', client: client.kind, device: client.device, path, name: wanted, was },
      { disruption: 'renew', lasts: nixos ? 'boot' : 'always' },
    ),
  ];
}
