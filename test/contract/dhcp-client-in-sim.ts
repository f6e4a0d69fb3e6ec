import type { AnySimClient } from '../../sim/clients/any-client.ts';
import type { SimHostNames } from '../../sim/host-names.ts';
import type { SimMachine } from '../../sim/machine.ts';
import { applyInSim, restoreInSim } from '../../sim/shell.ts';
import type { Hostname } from '../../src/domain/name.ts';
import type { Shell } from '../../src/domain/ports.ts';
import type { RemedyCost } from '../../src/domain/remedy.ts';
import type { DhcpcdWorld } from './dhcp-client-dhcpcd.ts';
import type { HostNamesUnderTest } from './dhcp-client-host-names.ts';
import type { NetworkManagerWorld } from './dhcp-client-network-manager.ts';
import { type NetworkdWorld, path, reloadPath } from './dhcp-client-networkd.ts';

/** What somebody does to a simulated machine past the client's steps. */
export type SimScene = (machine: SimMachine) => void;

type Client<Kind extends AnySimClient['kind']> = Extract<AnySimClient, { kind: Kind }>;

/** A scene on a machine whose client is of this kind; throws on any other. */
function on<Kind extends AnySimClient['kind']>(
  kind: Kind,
  make: (client: Client<Kind>, names: SimHostNames) => void,
): SimScene {
  return ({ client, names }) => {
    if (client.kind !== kind) throw new Error(`a scene of ${kind} was made on ${client.kind}`);
    make(client as Client<Kind>, names);
  };
}

/** All that the steps of a client may write, as text. */
export function writtenBy({ client }: SimMachine): string {
  if (client.kind === 'networkd') return JSON.stringify([...client.dropIns]);
  if (client.kind === 'dhcpcd') return JSON.stringify(client.conf ?? null);
  const { savedName, sendsName } = client.state();
  return JSON.stringify({ savedName, sendsName });
}

function profile(client: Client<'network-manager'>, saved: { name?: string; sends?: false }): void {
  client.modify({ name: 'before', sends: true });
  client.reapply();
  client.modify(saved);
}

/** NetworkManager, by the uuid of its profile. */
export function networkManagerInSim(connection: () => string): NetworkManagerWorld<SimScene> {
  return {
    connection,
    profile: (saved) => on('network-manager', (client) => profile(client, saved)),
    namedMachine: (name) =>
      on('network-manager', (client, names) => {
        names.setStatic(name);
        profile(client, { name: 'before' });
      }),
    staleBelief: on('network-manager', (client, names) => {
      names.setStatic('before');
      client.modify({ name: '', sends: true });
      client.up();
      names.writeFile('alpha');
    }),
  };
}

const plainLink = on('networkd', (client, names) => {
  client.dropIns.clear();
  names.setStatic('before');
  client.reconfigure();
  names.setStatic('alpha');
});

/** systemd-networkd. */
export const networkdInSim: NetworkdWorld<SimScene> = {
  plainLink,
  reloadedLink: on('networkd', (client, names) => {
    client.dropIns.clear();
    client.dropIns.set(reloadPath, 'nothing');
    names.setStatic('alpha');
    client.reconfigure();
    names.setStatic('gamma');
  }),
  ownDropIn: (machine) => {
    plainLink(machine);
    on('networkd', ({ dropIns }) => dropIns.set(path, { name: 'gamma' }))(machine);
  },
  otherWords: on('networkd', ({ dropIns }) => dropIns.set(path, { other: 'Hostname=mine' })),
  moreWords: on('networkd', ({ dropIns }) => dropIns.set(path, { other: 'UseMTU=no' })),
  noDropIn: on('networkd', ({ dropIns }) => dropIns.delete(path)),
};

/** A daemon that was started with this file, when the machine was called `before`; it has been called `alpha` since. */
function daemon(name: string, family?: '4'): SimScene {
  return on('dhcpcd', (client, names) => {
    client.conf = { name };
    client.family = family;
    names.setKernel('before');
    client.restart();
    names.setKernel('alpha');
  });
}

/** dhcpcd, which is never seen probing an address here. */
export const dhcpcdInSim: DhcpcdWorld<SimScene> = {
  plainConf: daemon(''),
  namedConf: daemon('named'),
  alone: daemon('', '4'),
  otherName: on('dhcpcd', (client) => {
    client.conf = { name: 'mine' };
  }),
  noConf: on('dhcpcd', (client) => {
    client.conf = undefined;
  }),
};

/** A simulated guest, and the way into it. */
export interface SimGuestUnderTest {
  readonly machine: () => SimMachine;
  readonly shell: () => Shell;
}

const cost: RemedyCost = { disruption: 'none', reach: 'guest', lasts: 'always' };

/** The names of a guest with Debian; `declared` is one with NixOS, whose file lies in the store. */
export function hostNamesInSim(
  { machine, shell }: SimGuestUnderTest,
  nixos: SimGuestUnderTest,
): HostNamesUnderTest {
  const signal = new AbortController().signal;
  const names = () => machine().names;
  return {
    setStatic: (name) => applyInSim(shell(), { kind: 'set-static-name', name, was: '', ...cost }, signal),
    setTransient: (name) =>
      applyInSim(shell(), { kind: 'set-transient-name', name, was: '', ...cost }, signal),
    restore: (write) => restoreInSim(shell(), write, signal),
    read: async () => [names().file() || undefined, names().read().transient],
    leftOver: async () => '',
    call: async (name) => names().setStatic(name),
    removeFile: async () => names().writeFile(undefined),
    async declared() {
      nixos.machine().names.writeFile('declared');
      const remedy = { kind: 'set-static-name', name: 'alpha' as Hostname, was: '', ...cost } as const;
      await applyInSim(nixos.shell(), remedy, signal);
      return nixos.machine().names.file();
    },
  };
}
