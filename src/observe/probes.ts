import type { DhcpClientState } from '../domain/dhcp-client.ts';
import type {
  CloudInitState,
  GuestInterface,
  HostNames,
  MachineIdentity,
  NixosSystems,
  OperatingSystem,
} from '../domain/guest-facts.ts';
import type { GuestProbe } from '../domain/ports.ts';
import type { GuestView } from '../domain/snapshot.ts';
import type { Gathered } from './gather.ts';

type ClientProbe = GuestProbe<DhcpClientState | undefined>;

/** The parts of the one round trip into a guest. */
export type GuestProbes = {
  readonly identity: GuestProbe<MachineIdentity>;
  readonly os: GuestProbe<OperatingSystem>;
  readonly interfaces: GuestProbe<readonly GuestInterface[]>;
  readonly host: GuestProbe<HostNames>;
  readonly nixos: GuestProbe<NixosSystems>;
  readonly cloudInit: GuestProbe<CloudInitState>;
  readonly networkManager: ClientProbe;
  readonly networkd: ClientProbe;
  readonly dhcpcd: ClientProbe;
  readonly dhclient: ClientProbe;
};

/** The guest from what its parts showed: the client that holds a lease counts, further ones are rivals. */
export function guestView(parts: Gathered<GuestProbes>): GuestView {
  const { networkManager, networkd, dhcpcd, dhclient, ...facts } = parts;
  const found = [networkManager, networkd, dhcpcd, dhclient].filter((each) => each !== undefined);
  const [client, ...others] = [
    ...found.filter((each) => each.activated),
    ...found.filter((each) => !each.activated),
  ];
  return { ...facts, client, otherClients: others.filter((each) => each.activated) };
}
