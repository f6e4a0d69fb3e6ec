import type { ClientScenes } from './dhcp-client.ts';

/** What a world must be able to make of a guest under dhcpcd: a lease as `before`, or as its file says. */
export interface DhcpcdWorld<Scene> {
  /** A daemon whose file holds no name; the machine has been called `alpha` since it had its lease. */
  readonly plainConf: Scene;
  /** The same with the name `named` in its file. */
  readonly namedConf: Scene;
  /** A daemon for one interface and IPv4 alone. */
  readonly alone: Scene;
  /** A daemon that still probes the address that it was offered; absent where no client does so. */
  readonly probing?: Scene;
  /** Somebody has put another name into the file since. */
  readonly otherName: Scene;
  /** The file is gone. */
  readonly noConf: Scene;
}

const device = 'eth0';
/** The file of dhcpcd. */
export const conf = '/etc/dhcpcd.conf';

const ours = { client: 'dhcpcd', device } as const;
const clear = { kind: 'clear-conf-name', ...ours, file: conf, stale: 'named' } as const;

/** dhcpcd, as one process for all interfaces unless a scene says otherwise. */
export function dhcpcdScenes<Scene>(world: DhcpcdWorld<Scene>): ClientScenes<Scene> {
  const { plainConf, namedConf, probing } = world;
  const rebind = { kind: 'rebind-lease', ...ours } as const;
  const restart = { kind: 'restart-client', ...ours } as const;
  return {
    renames: [
      { kind: 'rebind-lease', scene: plainConf, steps: () => [rebind], to: 'alpha' },
      ...(probing === undefined
        ? []
        : [
            {
              kind: 'rebind-lease while the address is probed',
              scene: probing,
              steps: () => [rebind],
              to: 'alpha',
            },
          ]),
      {
        kind: 'rebind-lease of a daemon for one interface and family',
        scene: world.alone,
        steps: () => [{ ...rebind, family: '4' }],
        to: 'alpha',
      },
      { kind: 'restart-client', scene: plainConf, steps: () => [restart], to: 'alpha' },
      {
        kind: 'clear-conf-name, then restart-client',
        scene: namedConf,
        steps: () => [clear, restart],
        to: 'alpha',
      },
    ],
    writes: [
      {
        kind: 'clear-conf-name',
        scene: namedConf,
        step: () => clear,
        write: () => ({ kind: 'conf-name', file: conf, was: 'named', wrote: '' }),
        elsewise: world.otherName,
        takenAway: world.noConf,
      },
    ],
  };
}
