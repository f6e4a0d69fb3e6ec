import type { DhcpClient } from '../src/domain/ports.ts';
import type { DhcpClientRemedy } from '../src/domain/remedy.ts';
import { simProbes } from './probes.ts';
import { applyInSim, restoreInSim } from './shell.ts';

const port = (kind: DhcpClient['kind'], probe: DhcpClient['probe']): DhcpClient => ({
  kind,
  probe,
  apply: applyInSim,
  restore: restoreInSim,
});

/** The simulated clients as Truename sees them. */
export const simDhcpClients: Readonly<Record<DhcpClientRemedy['client'], DhcpClient>> = {
  'network-manager': port('network-manager', simProbes.networkManager),
  networkd: port('networkd', simProbes.networkd),
  dhcpcd: port('dhcpcd', simProbes.dhcpcd),
};
