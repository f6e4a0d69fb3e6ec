import { isNixos } from '../../checks/exhibits.ts';
import type { NetworkManagerState } from '../../domain/dhcp-client.ts';
import { sameName } from '../../domain/name.ts';
import type { ProfileCopy, Remedy } from '../../domain/remedy.ts';
import { sentAtNextBoot } from '../../domain/sent-name.ts';
import { type LadderScene, rung } from './rung.ts';

/** Rungs for NetworkManager, gentlest first: a name in the profile, then what makes it ask again. */
export function networkManagerRungs(client: NetworkManagerState, scene: LadderScene): Remedy[] {
  const profile = profileRungs(client, scene);
  if (scene.leaseIsRight)
    return profile.length > 0 || !believesOld(client, scene) ? profile : [refreshing(client, scene)];
  return [...profile, ...renewals(client, scene, profile.length > 0)];
}

/**
 * A name in the profile outlives every declaration, so where the static name is right it is taken out and the
 * static one speaks; where nobody may set the static name, the profile is the only place that the client asks.
 */
function profileRungs(client: NetworkManagerState, scene: LadderScene): Remedy[] {
  // One that is set to send none says nothing, whatever the static name is.
  return scene.staticIsRight && client.sendsName ? clearing(client, scene) : naming(client, scene);
}

/** The lease is right without its help, as where the server reserves the name; what it will send is an old name all the same. */
function believesOld(
  { believedStatic, savedName, appliedName = savedName, sendsName, fqdn }: NetworkManagerState,
  { view, wanted }: LadderScene,
): boolean {
  const speaks = appliedName !== '' || fqdn !== '' || !sendsName;
  return !speaks && isStale(believedStatic ?? '', wanted) && sameName(view.host.static, wanted);
}

function refreshing({ kind, device }: NetworkManagerState, { wanted }: LadderScene): Remedy {
  return rung(
    { kind: 'refresh-static-name', client: kind, device, name: wanted },
    { disruption: 'renew', lasts: 'request' },
  );
}

function naming(client: NetworkManagerState, scene: LadderScene): Remedy[] {
  const { wanted } = scene;
  const { savedName, appliedName = savedName, sendsName } = client;
  if (sendsName && sameName(savedName, wanted) && sameName(appliedName, wanted)) return [];
  const copy = copyToSet(client, scene);
  if (sendsName && copy === 'in-force' && sameName(appliedName, wanted)) return [];
  const action = {
    kind: 'set-profile-name',
    client: client.kind,
    device: client.device,
    connection: client.connection.uuid,
    name: wanted,
    was: savedName,
    copy,
  } as const;
  return [rung(action, { disruption: 'renew', lasts: copy === 'saved' ? 'always' : 'boot' })];
}

function clearing(client: NetworkManagerState, { view, wanted }: LadderScene): Remedy[] {
  const { savedName, appliedName = savedName } = client;
  const stale = [savedName, appliedName].find((name) => isStale(name, wanted));
  if (stale === undefined) return [];
  // One in memory only need not become a file to lose a name.
  const copy = client.connection.storage === 'memory' ? 'in-force' : copyOf(client, isNixos(view));
  if (copy === 'in-force' && !isStale(appliedName, wanted)) return [];
  const action = {
    kind: 'clear-profile-name',
    client: client.kind,
    device: client.device,
    connection: client.connection.uuid,
    stale,
    copy,
    knowsStaticName: sameName(client.believedStatic, wanted),
  } as const;
  return [rung(action, { disruption: 'renew', lasts: copy === 'saved' ? 'always' : 'boot' })];
}

function isStale(name: string, wanted: string): boolean {
  return name !== '' && !sameName(name, wanted);
}

/**
 * A profile whose file is a link, or that netplan made (netplan-generate(8)), comes from a declaration that is
 * written anew at boot; so does, on NixOS, one below /run. There a new file in /etc would outlive every declaration
 * too, so that only one that is a file of the guest's own already is changed. Elsewhere what lies below /run
 * NetworkManager made up itself, and keeps in /etc once it is changed.
 */
export function copyOf({ connection }: NetworkManagerState, nixos: boolean): ProfileCopy {
  const { file, storage, linksTo } = connection;
  if (linksTo !== undefined || file.slice(file.lastIndexOf('/') + 1).startsWith('netplan-'))
    return 'in-force';
  return storage === 'etc' || !nixos ? 'saved' : 'in-force';
}

/** Where the next boot has the right name without it, a name in the file would only stand in the way later. */
function copyToSet(client: NetworkManagerState, { view, wanted }: LadderScene): ProfileCopy {
  const next = sentAtNextBoot(view);
  if (next.from !== 'nothing' && sameName(next.name, wanted)) return 'in-force';
  return copyOf(client, isNixos(view));
}

function renewals(client: NetworkManagerState, scene: LadderScene, asked: boolean): Remedy[] {
  const { view } = scene;
  const { device } = client;
  const connection = client.connection.uuid;
  const passing = { disruption: 'renew', lasts: 'request' } as const;
  // Where a name in the profile speaks, what NetworkManager believes of the static one is never sent.
  const speaks = asked || (client.appliedName ?? client.savedName) !== '';
  return [
    ...(speaks || view.host.static === '' ? [] : [refreshing(client, scene)]),
    rung({ kind: 'force-renewal', client: client.kind, device }, passing),
    rung(
      { kind: 'activate-connection', client: client.kind, device, connection },
      { disruption: 'blip', lasts: 'request' },
    ),
    rung(
      { kind: 'bounce-connection', client: client.kind, device, connection },
      { disruption: 'bounce', lasts: 'request' },
    ),
  ];
}
