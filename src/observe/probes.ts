import type { DhcpClientState } from '../domain/dhcp-client.ts';
import type { CloudInitState, HostNames, MachineIdentity, NixosSystems } from '../domain/guest-facts.ts';
import type { GuestProbe } from '../domain/ports.ts';

/** The parts of the one round trip into a guest. */
export type GuestProbes = {
  readonly identity: GuestProbe<MachineIdentity>;
  readonly host: GuestProbe<HostNames>;
  readonly nixos: GuestProbe<NixosSystems>;
  readonly cloudInit: GuestProbe<CloudInitState>;
  readonly client: GuestProbe<DhcpClientState | undefined>;
};
