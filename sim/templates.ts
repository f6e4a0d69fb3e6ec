import type { AnySimClient } from './clients/any-client.ts';
import type { ClientPlace } from './clients/client.ts';
import { simDhcpcd } from './clients/dhcpcd.ts';
import { simNetworkManager } from './clients/network-manager.ts';
import { simNetworkd } from './clients/networkd.ts';
import type { SimProfile } from './clients/profile.ts';

/** What a clone is made of. */
export interface SimTemplate {
  readonly vmid: number;
  readonly name: string;
  readonly os: 'nixos' | 'debian';
  /** The client of a clone; `machineId` says the clone's own. */
  client(place: ClientPlace, machineId: () => string): AnySimClient;
  /**
   * What cloud-init does with the name that it is given: sets it before the client asks for a lease, or after; leaves the
   * name alone, as on NixOS, where it is declared; or tries to set it there, and fails at each boot.
   */
  readonly cloudInit: 'before-client' | 'after-client' | 'leaves-name' | 'fails';
}

/** What somebody's `nmcli connection modify` left in a template: every clone inherits it. */
const staleKeyfile: SimProfile = {
  uuid: '6d0c8a52-1f3b-4e8e-9a5e-6b1c2f7d9e01',
  id: 'ethernet',
  file: '/etc/NetworkManager/system-connections/ethernet.nmconnection',
  name: 'tappaas-nixos',
  sends: true,
  declared: false,
};

const declaredProfile: SimProfile = {
  ...staleKeyfile,
  uuid: '2f2f9c39-64a8-4f0f-9f05-1b8e1a7d0c55',
  file: '/run/NetworkManager/system-connections/ethernet.nmconnection',
  name: '',
  declared: true,
};

/** NetworkManager makes one up for a device that no profile is for, and keeps it below /run. */
const automaticProfile: SimProfile = {
  uuid: '8f0a5c1e-5a7e-3f10-9d52-0c6c4c8f2b77',
  id: 'Wired connection 1',
  file: '/run/NetworkManager/system-connections/Wired connection 1.nmconnection',
  name: '',
  sends: true,
  declared: false,
};

const nixos = (vmid: number, profile: SimProfile, cloudInit: SimTemplate['cloudInit']): SimTemplate => ({
  vmid,
  name: 'tappaas-nixos',
  os: 'nixos',
  client: (place) => simNetworkManager(place, profile),
  cloudInit,
});

const debian = (
  vmid: number,
  name: string,
  client: SimTemplate['client'],
  cloudInit: SimTemplate['cloudInit'],
): SimTemplate => ({ vmid, name, os: 'debian', client, cloudInit });

/** The templates, under the numbers that they have in the lab too. */
export const simTemplates: readonly SimTemplate[] = [
  nixos(9000, declaredProfile, 'leaves-name'),
  nixos(9001, automaticProfile, 'leaves-name'),
  nixos(9002, staleKeyfile, 'fails'),
  debian(9011, 'debian13-networkd', simNetworkd, 'after-client'),
  debian(9012, 'debian13-dhcpcd', simDhcpcd, 'before-client'),
  debian(9014, 'debian13-nm', (place) => simNetworkManager(place, automaticProfile), 'before-client'),
];
