import { networkManager } from '../../src/adapters/network-manager/rungs.ts';
import type { Hostname } from '../../src/domain/name.ts';
import type { ClientScenes } from './dhcp-client.ts';

const device = 'eth0';
const alpha = 'alpha' as Hostname;
/** A value that a shell, nmcli or awk could take for something else. */
const odd = `$(touch /run/odd) "b\\n" 'c'`;

/** The profile as a scene wants it, applied, with a lease under another name. */
function profile(values: string): string {
  return `profile=$(nmcli -g GENERAL.CON-UUID device show eth0)
nmcli connection modify "$profile" ipv4.dhcp-send-hostname '' ipv4.dhcp-hostname before
nmcli device reapply eth0 >/dev/null
sleep 1
nmcli connection modify "$profile" ${values}`;
}

/** NetworkManager on an Ethernet device, by the uuid of its profile. */
export function networkManagerScenes(connection: () => string): ClientScenes {
  const where = () => ({ client: 'network-manager', device, connection: connection() }) as const;
  const saved = () => ({ ...where(), copy: 'saved' }) as const;
  const unset = profile(`ipv4.dhcp-hostname ''`);
  const silence = () => ({ kind: 'silence-profile', ...saved() }) as const;
  return {
    client: networkManager,
    written: `profile=$(nmcli -g GENERAL.CON-UUID device show eth0)
nmcli -e no -g ipv4.dhcp-hostname,ipv4.dhcp-send-hostname connection show "$profile"
ls -A /run/NetworkManager/system-connections`,
    renames: [
      {
        kind: 'set-profile-name',
        scene: unset,
        steps: () => [{ kind: 'set-profile-name', ...saved(), name: alpha, was: '' }],
        to: 'alpha',
      },
      {
        kind: 'set-profile-name of a silent profile',
        scene: profile(`ipv4.dhcp-send-hostname no`),
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
        scene: `hostnamectl set-hostname alpha; ${profile('ipv4.dhcp-hostname before')}`,
        steps: () => [{ kind: 'clear-profile-name', knowsStaticName: false, ...saved(), stale: 'before' }],
        to: 'alpha',
      },
      {
        kind: 'refresh-static-name',
        scene: `profile=$(nmcli -g GENERAL.CON-UUID device show eth0)
hostnamectl set-hostname before
nmcli connection modify "$profile" ipv4.dhcp-hostname '' ipv4.dhcp-send-hostname ''
nmcli -w 20 connection up "$profile" >/dev/null
echo alpha >/etc/hostname`,
        steps: () => [{ kind: 'refresh-static-name', ...where(), name: alpha }],
        to: 'alpha',
      },
      ...(['activate-connection', 'bounce-connection'] as const).map((kind) => ({
        kind,
        scene: profile('ipv4.dhcp-hostname alpha'),
        steps: () => [{ kind, ...where() }],
        to: 'alpha',
      })),
    ],
    writes: [
      {
        kind: 'set-profile-name',
        scene: profile(`ipv4.dhcp-hostname '${odd.replaceAll("'", "'\\''")}'`),
        step: () => ({ kind: 'set-profile-name', ...saved(), name: alpha, was: odd }),
        write: () => ({
          kind: 'profile-name',
          connection: connection(),
          copy: 'saved',
          was: odd,
          wrote: alpha,
        }),
        elsewise: profile('ipv4.dhcp-hostname beta'),
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
