import type { Hostname } from '../../src/domain/name.ts';
import type { Remedy } from '../../src/domain/remedy.ts';

/** One remedy of each kind, with a text of others, perhaps a hostile one, wherever one may stand. */
export function everyRemedy(text: string): readonly Remedy[] {
  const name = 'alpha' as Hostname;
  const cost = { disruption: 'renew', reach: 'guest', lasts: 'always' } as const;
  const manager = { client: 'network-manager', device: text, ...cost } as const;
  const networkd = { client: 'networkd', device: text, ...cost } as const;
  const dhcpcd = { client: 'dhcpcd', device: text, ...cost } as const;
  const all: { readonly [Kind in Remedy['kind']]: Extract<Remedy, { kind: Kind }> } = {
    'set-static-name': { kind: 'set-static-name', name, was: text, ...cost },
    'set-transient-name': { kind: 'set-transient-name', name, was: text, ...cost },
    'reboot-guest': { kind: 'reboot-guest', ...cost },
    'refresh-static-name': { kind: 'refresh-static-name', name, ...manager },
    'set-profile-name': {
      kind: 'set-profile-name',
      connection: text,
      name,
      was: text,
      copy: 'saved',
      ...manager,
    },
    'clear-profile-name': {
      kind: 'clear-profile-name',
      connection: text,
      stale: text,
      copy: 'saved',
      knowsStaticName: false,
      ...manager,
    },
    'silence-profile': { kind: 'silence-profile', connection: text, copy: 'in-force', ...manager },
    'force-renewal': { kind: 'force-renewal', ...manager },
    'activate-connection': { kind: 'activate-connection', connection: text, ...manager },
    'bounce-connection': { kind: 'bounce-connection', connection: text, ...manager },
    'write-drop-in': { kind: 'write-drop-in', path: text, name, was: text, ...networkd },
    'silence-link': { kind: 'silence-link', path: text, ...networkd },
    'reload-link': { kind: 'reload-link', path: text, ...networkd },
    'reconfigure-link': { kind: 'reconfigure-link', ...networkd },
    'rebind-lease': { kind: 'rebind-lease', family: '4', ...dhcpcd },
    'clear-conf-name': { kind: 'clear-conf-name', file: text, stale: text, ...dhcpcd },
    'restart-client': { kind: 'restart-client', ...dhcpcd },
  };
  return Object.values(all);
}
