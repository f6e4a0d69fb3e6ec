import type { FixOutcome } from '../../src/domain/fix-event.ts';
import type { Remedy } from '../../src/domain/remedy.ts';
import type { SceneTools } from './doctor-scene.ts';

/** A lab guest brought into a state by its real cause, and how it must come out of a fix. */
export interface FixScene {
  readonly vmid: number;
  readonly name: string;
  readonly template: number;
  readonly cause: string;
  readonly setUp?: (tools: SceneTools) => Promise<unknown>;
  readonly outcome: FixOutcome;
  /** Rungs in the order taken. */
  readonly taken: readonly Remedy['kind'][];
  /** True: the lab's own look after a reboot must find the name too. */
  readonly lasts: boolean;
}

const profile = 'uuid=$(nmcli -g GENERAL.CON-UUID device show eth0)';

const inGuest =
  (vmid: number, script: string) =>
  ({ inside }: SceneTools) =>
    inside(String(vmid), script);

/** Every kind of guest that fix mends. */
export const fixScenes: readonly FixScene[] = [
  {
    vmid: 850,
    name: 'abe',
    template: 9014,
    cause: 'a template’s name in the saved profile, applied; NetworkManager 1.52',
    setUp: inGuest(
      850,
      `${profile}; nmcli connection modify "$uuid" ipv4.dhcp-hostname debian13-nm; nmcli device reapply eth0; sleep 1`,
    ),
    outcome: 'mended',
    taken: ['clear-profile-name'],
    lasts: true,
  },
  {
    vmid: 851,
    name: 'bea',
    template: 9010,
    cause: 'the same with NetworkManager 1.42',
    setUp: inGuest(
      851,
      `${profile}; nmcli connection modify "$uuid" ipv4.dhcp-hostname debian12-nm; nmcli device reapply eth0; sleep 1`,
    ),
    outcome: 'mended',
    taken: ['clear-profile-name'],
    lasts: true,
  },
  {
    vmid: 852,
    name: 'cleo',
    template: 9014,
    cause: 'the template’s static name, sent by NetworkManager',
    setUp: inGuest(
      852,
      `hostnamectl set-hostname debian13-nm; sleep 1; nmcli device modify eth0 ipv4.dhcp-timeout 61; sleep 1`,
    ),
    outcome: 'mended',
    taken: ['set-static-name', 'refresh-static-name'],
    lasts: true,
  },
  {
    vmid: 853,
    name: 'dan',
    template: 9011,
    cause: 'a fresh clone under systemd-networkd, which asked before cloud-init had read its name',
    outcome: 'mended',
    taken: ['reload-link'],
    lasts: true,
  },
  {
    vmid: 854,
    name: 'elsa',
    template: 9011,
    cause: 'a drop-in of networkd with the template’s name',
    setUp: inGuest(
      854,
      `mkdir -p /etc/systemd/network/10-ethernet.network.d
       printf '[DHCPv4]\\nHostname=debian13-networkd\\n' >/etc/systemd/network/10-ethernet.network.d/90-name.conf
       networkctl reload; sleep 2`,
    ),
    outcome: 'mended',
    taken: ['write-drop-in'],
    lasts: true,
  },
  {
    vmid: 855,
    name: 'finn',
    template: 9012,
    cause: 'the template’s static name, sent by dhcpcd',
    setUp: inGuest(855, 'hostnamectl set-hostname debian13-dhcpcd; sleep 1; dhcpcd -n eth0; sleep 2'),
    outcome: 'mended',
    taken: ['set-static-name', 'rebind-lease'],
    lasts: true,
  },
  {
    vmid: 856,
    name: 'gus',
    template: 9012,
    cause: 'the template’s name in dhcpcd.conf',
    setUp: inGuest(
      856,
      `sed -i 's/^hostname$/hostname debian13-dhcpcd/' /etc/dhcpcd.conf; systemctl restart dhcpcd; sleep 3`,
    ),
    outcome: 'mended',
    taken: ['clear-conf-name', 'restart-client'],
    lasts: true,
  },
  {
    vmid: 857,
    name: 'hope',
    template: 9000,
    cause: 'a fresh clone of the NixOS template whose profile NixOS writes at boot',
    outcome: 'not-lasting',
    taken: ['set-profile-name'],
    lasts: false,
  },
  {
    vmid: 858,
    name: 'ivy',
    template: 9001,
    cause: 'a fresh clone of the NixOS template without a profile',
    outcome: 'not-lasting',
    taken: ['set-profile-name'],
    lasts: false,
  },
  {
    vmid: 859,
    name: 'jill',
    template: 9002,
    cause: 'a fresh clone of the NixOS template with a stale keyfile',
    outcome: 'mended',
    taken: ['set-profile-name'],
    lasts: true,
  },
];
