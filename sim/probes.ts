import type { DhcpClientState } from '../src/domain/dhcp-client.ts';
import type {
  CloudInitState,
  GuestInterface,
  HostNames,
  MachineIdentity,
  NixosSystems,
  OperatingSystem,
} from '../src/domain/guest-facts.ts';
import type { GuestProbe } from '../src/domain/ports.ts';
import type { GuestView } from '../src/domain/snapshot.ts';

/** All that one look into a simulated machine shows. */
export interface SimLook extends GuestView {
  /** Each as `type base64`. */
  readonly hostKeys: readonly string[];
}

/** What a simulated machine answers to a line of a script; undefined for a line that is no look of {@link simProbes}. */
export function viewLine(line: string, view: SimLook): string | undefined {
  const asked = /^sim-view ([a-z-]+)$/.exec(line)?.[1];
  return asked === undefined
    ? undefined
    : `${asked}.view=b:${Buffer.from(JSON.stringify(view)).toString('base64')}`;
}

/** Takes one part out of the whole view. */
function part<T>(section: string, take: (view: SimLook) => T): GuestProbe<T> {
  return {
    section,
    script: `sim-view ${section}`,
    parse: (values) => take(JSON.parse(values.get('view') ?? '{}') as SimLook),
  };
}

function clientOf<Kind extends DhcpClientState['kind']>(kind: Kind): GuestProbe<DhcpClientState | undefined> {
  return part(kind, ({ client }) => (client?.kind === kind ? client : undefined));
}

/** The parts of the one look into a simulated machine: what it shows is its state as it is. */
export const simProbes = {
  identity: part<MachineIdentity>('identity', ({ identity }) => identity),
  os: part<OperatingSystem>('os', ({ os }) => os),
  interfaces: part<readonly GuestInterface[]>('interfaces', ({ interfaces }) => interfaces),
  host: part<HostNames>('host', ({ host }) => host),
  // JSON leaves out what is undefined.
  nixos: part<NixosSystems>('nixos', ({ nixos: { booted, current, next } }) => ({ booted, current, next })),
  cloudInit: part<CloudInitState>('cloud-init', ({ cloudInit }) => cloudInit),
  networkManager: clientOf('network-manager'),
  networkd: clientOf('networkd'),
  dhcpcd: clientOf('dhcpcd'),
  dhclient: clientOf('dhclient'),
  hostKeys: part<readonly string[]>('keys', ({ hostKeys }) => hostKeys),
};
