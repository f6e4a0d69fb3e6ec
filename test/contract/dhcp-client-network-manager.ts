import type { Hostname } from '../../src/domain/name.ts';
import type { ClientScenes } from './dhcp-client.ts';

/** What a world must be able to make of a guest under NetworkManager. */
export interface NetworkManagerWorld<Scene> {
  /** The lease bears `before`, and the profile has been saved so since, and not applied. */
  profile(saved: { readonly name?: string; readonly sends?: false }): Scene;
  /** The machine has been called so, by hostnamed, and then {@link profile} with the name `before`. */
  namedMachine(name: string): Scene;
  /** hostnamed said `before` when the connection was activated; the file of the static name has said `alpha` since. */
  readonly staleBelief: Scene;
  /** The uuid of the profile. */
  readonly connection: () => string;
}

const device = 'eth0';
const alpha = 'alpha' as Hostname;
/** A value that a shell, nmcli or awk could take for something else. */
const odd = `$(touch /run/odd) "b\\n" 'c'`;

/** NetworkManager on an Ethernet device. */
export function networkManagerScenes<Scene>(world: NetworkManagerWorld<Scene>): ClientScenes<Scene> {
  const { profile, connection } = world;
  const where = () => ({ client: 'network-manager', device, connection: connection() }) as const;
  const saved = () => ({ ...where(), copy: 'saved' }) as const;
  const unset = profile({ name: '' });
  const silence = () => ({ kind: 'silence-profile', ...saved() }) as const;
  return {
    renames: [
      {
        kind: 'set-profile-name',
        scene: unset,
        steps: () => [{ kind: 'set-profile-name', ...saved(), name: alpha, was: '' }],
        to: 'alpha',
      },
      {
        kind: 'set-profile-name of a silent profile',
        scene: profile({ sends: false }),
        steps: () => [{ kind: 'set-profile-name', ...saved(), name: alpha, was: '' }],
        to: 'alpha',
      },
      {
        kind: 'set-profile-name in force, then force-renewal',
        scene: unset,
        steps: () => [
          { kind: 'set-profile-name', ...where(), copy: 'in-force', name: alpha, was: '' },
          { kind: 'force-renewal', ...where() },
        ],
        to: 'alpha',
      },
      {
        kind: 'clear-profile-name',
        scene: world.namedMachine('alpha'),
        steps: () => [{ kind: 'clear-profile-name', knowsStaticName: false, ...saved(), stale: 'before' }],
        to: 'alpha',
      },
      {
        kind: 'refresh-static-name',
        scene: world.staleBelief,
        steps: () => [{ kind: 'refresh-static-name', ...where(), name: alpha }],
        to: 'alpha',
      },
      ...(['activate-connection', 'bounce-connection'] as const).map((kind) => ({
        kind,
        scene: profile({ name: 'alpha' }),
        steps: () => [{ kind, ...where() }],
        to: 'alpha',
      })),
    ],
    writes: [
      {
        kind: 'set-profile-name',
        scene: profile({ name: odd }),
        step: () => ({ kind: 'set-profile-name', ...saved(), name: alpha, was: odd }),
        write: () => ({
          kind: 'profile-name',
          connection: connection(),
          copy: 'saved',
          was: odd,
          wrote: alpha,
        }),
        elsewise: profile({ name: 'beta' }),
      },
      {
        kind: 'silence-profile',
        scene: unset,
        step: silence,
        write: () => ({
          kind: 'profile-sends-name',
          connection: connection(),
          copy: 'saved',
          was: true,
          wrote: false,
        }),
      },
    ],
  };
}
