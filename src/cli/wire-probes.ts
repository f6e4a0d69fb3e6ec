import { cloudInitProbe } from '../adapters/cloud-init/probe.ts';
import { dhclientProbe } from '../adapters/dhclient/probe.ts';
import { dhcpcdProbe } from '../adapters/dhcpcd/probe.ts';
import { hostNamesProbe } from '../adapters/linux/host-names.ts';
import { identityProbe } from '../adapters/linux/identity.ts';
import { interfacesProbe } from '../adapters/linux/interfaces.ts';
import { osProbe } from '../adapters/linux/os.ts';
import { networkManagerProbe } from '../adapters/network-manager/probe.ts';
import { networkdProbe } from '../adapters/networkd/probe.ts';
import { nixosProbe } from '../adapters/nixos-rebuild/probe.ts';
import type { GuestProbes } from '../observe/probes.ts';

/** The parts of the one round trip into a guest, each with the product that it knows. */
export const guestProbes: GuestProbes = {
  identity: identityProbe,
  os: osProbe,
  interfaces: interfacesProbe,
  host: hostNamesProbe,
  nixos: nixosProbe,
  cloudInit: cloudInitProbe,
  networkManager: networkManagerProbe,
  networkd: networkdProbe,
  dhcpcd: dhcpcdProbe,
  dhclient: dhclientProbe,
};
