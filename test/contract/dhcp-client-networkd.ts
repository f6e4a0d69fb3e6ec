import type { Hostname } from '../../src/domain/name.ts';
import type { ClientScenes } from './dhcp-client.ts';

/** What a world must be able to make of a guest under systemd-networkd. */
export interface NetworkdWorld<Scene> {
  /** A link without drop-ins that was set up when the machine was called `before`; it has been called `alpha` since. */
  readonly plainLink: Scene;
  /** The same, then Truename's own drop-in, which says nothing, and a reload; then the machine is called `gamma`. */
  readonly reloadedLink: Scene;
  /** The same as the first, then Truename's own drop-in with the name `gamma`. */
  readonly ownDropIn: Scene;
  /** Somebody has put other words in place of those in the drop-in, or added some to them. */
  readonly otherWords: Scene;
  readonly moreWords: Scene;
  /** The drop-in is gone. */
  readonly noDropIn: Scene;
}

const device = 'eth0';
/** Where Truename's own drop-ins are. */
export const folder = '/etc/systemd/network/10-ethernet.network.d';
export const path = `${folder}/zz-truename.conf`;
export const reloadPath = '/run/systemd/network/10-ethernet.network.d/zz-truename-reload.conf';

const link = { client: 'networkd', device } as const;
const writeDropIn = { kind: 'write-drop-in', ...link, path, name: 'beta' as Hostname, was: '' } as const;

/** systemd-networkd on a link whose machine's name may be set. */
export function networkdScenes<Scene>(world: NetworkdWorld<Scene>): ClientScenes<Scene> {
  const { plainLink } = world;
  const reload = { kind: 'reload-link', ...link, path: reloadPath } as const;
  return {
    renames: [
      { kind: 'write-drop-in', scene: plainLink, steps: () => [writeDropIn], to: 'beta' },
      { kind: 'reload-link', scene: plainLink, steps: () => [reload], to: 'alpha' },
      {
        kind: 'reload-link where its drop-in is there already',
        scene: world.reloadedLink,
        steps: () => [reload],
        to: 'gamma',
      },
      {
        kind: 'reconfigure-link',
        scene: plainLink,
        steps: () => [{ kind: 'reconfigure-link', ...link }],
        to: 'alpha',
      },
    ],
    writes: [
      {
        kind: 'write-drop-in',
        scene: plainLink,
        step: () => writeDropIn,
        write: () => ({ kind: 'drop-in', path, was: null, wrote: { name: 'beta' } }),
        elsewise: world.otherWords,
      },
      {
        kind: 'silence-link',
        scene: world.ownDropIn,
        step: () => ({ kind: 'silence-link', ...link, path }),
        write: () => ({ kind: 'drop-in', path, was: { name: 'gamma' }, wrote: 'send-none' }),
        elsewise: world.moreWords,
        takenAway: world.noDropIn,
      },
    ],
  };
}
