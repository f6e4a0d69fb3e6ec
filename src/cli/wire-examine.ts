import { homedir } from 'node:os';
import { readSeed } from '../adapters/cloud-init/seed.ts';
import { hostKeysProbe } from '../adapters/openssh/host-keys.ts';
import { captureDhcp } from '../adapters/tcpdump/capture.ts';
import type { Configuration } from '../config/configuration.ts';
import { systemClock } from '../lib/clock.ts';
import type { ExamineSources } from '../observe/examine-sources.ts';
import { stateDirectory } from '../state/directory.ts';
import { hostKeyStore } from '../state/pins.ts';
import type { WireOptions } from './wire.ts';
import { networkServices, openConnections } from './wire-connections.ts';
import { guestProbes } from './wire-probes.ts';
import { proxmoxHypervisor } from './wire-proxmox.ts';

/** Where machines are looked at from; `close` ends its shared connections. */
export interface WiredExamination {
  readonly sources: ExamineSources;
  close(): Promise<void>;
}

/** The composition root of whatever only looks. */
export async function wireExamination(
  configuration: Configuration,
  options: WireOptions,
): Promise<WiredExamination> {
  const given = options.stateDirectory ?? configuration.stateDirectory;
  const hostKeys = hostKeyStore(stateDirectory(given, process.env, homedir()));
  const connections = await openConnections();
  const { shellOn } = connections;
  const choice = options.hypervisor === undefined ? {} : { hypervisor: options.hypervisor };
  const proxmox = await proxmoxHypervisor(configuration, choice, shellOn).catch(async (error) => {
    await connections.close();
    throw error;
  });
  const sources: ExamineSources = {
    hypervisor: proxmox.hypervisor,
    segments: configuration.segments,
    dhcpServers: configuration.dhcpServers.map(({ id }) => id),
    ...networkServices(configuration, connections),
    probes: { ...guestProbes, hostKeys: hostKeysProbe },
    hostKeys,
    ssh({ guest, name, address, alias, fqdn }, pinned) {
      const { user, identityFile } = configuration.loginFor(guest);
      return shellOn({
        name,
        user,
        address,
        ...(identityFile === undefined ? {} : { identityFile }),
        ...(pinned ? { pinned: { alias, file: hostKeys.file(alias) } } : { knownAs: fqdn ?? name }),
      });
    },
    readSeed,
    capture: captureDhcp,
    nicFor: (guest) => configuration.nicFor(guest),
    now: systemClock.now,
  };
  return {
    sources,
    async close() {
      await proxmox.close();
      await connections.close();
    },
  };
}
