import type { Mac } from '../src/domain/mac.ts';
import type { GuestView } from '../src/domain/snapshot.ts';
import type { AnySimClient } from './clients/any-client.ts';
import type { SimClock } from './clock.ts';
import { type SimCloudInit, simCloudInit } from './cloud-init.ts';
import type { SimDhcpServer } from './dhcp-server.ts';
import { type SimHostNames, simHostNames } from './host-names.ts';
import { type SimSystems, simSystem, simSystems } from './nixos.ts';
import type { SimTemplate } from './templates.ts';

/** The inside of a guest. */
export interface SimMachine {
  readonly names: SimHostNames;
  readonly client: AnySimClient;
  /** The three systems of a guest with NixOS; none of another. */
  readonly systems: SimSystems;
  readonly cloudInit: SimCloudInit;
  /** Milliseconds for which its address was away, one entry for each time. */
  readonly away: number[];
  /** Each as `type base64`; made at the first boot. */
  hostKeys(): readonly string[];
  /** It runs, and its agent and its ssh server answer. */
  up(): boolean;
  /** All of it as one look shows it. */
  view(): GuestView;
  /** Switched on: it boots in its own time. */
  start(): void;
  /** Switched off: what is kept in no file is gone at the next start. */
  stop(): void;
}

/** Of what a machine is made. */
export interface SimMachineOptions {
  readonly template: SimTemplate;
  readonly mac: Mac;
  readonly uuid: string;
  /** What cloud-init is given. */
  readonly givenName: () => string;
  readonly server: SimDhcpServer;
  readonly clock: SimClock;
}

/** When what of a boot has happened, in milliseconds from its start. */
const boot = { asksMs: 2500, answersMs: 3500, finishedMs: 4500 } as const;

/** The one interface of each guest. */
const device = 'eth0';

/** A clone of the template that was never switched on. */
export function simMachine({ template, mac, uuid, givenName, server, clock }: SimMachineOptions): SimMachine {
  const nixos = template.os === 'nixos';
  const names = simHostNames({ name: template.name, store: nixos });
  const client = template.client({ device, mac, names, server }, () => machineIdOf(uuid));
  const systems = simSystems(nixos ? simSystem(template.name) : undefined, ({ declaredName }) => {
    // A switch has not set the running host name since 24.05; hostnamed and the client are told nothing.
    names.writeFile(declaredName);
    client.activate?.();
  });
  const cloudInit = simCloudInit(template, names, givenName);
  let boots = 0;
  let on = false;
  let answers = false;

  const parts = { names, client, systems, cloudInit };
  return {
    ...parts,
    away: [],
    hostKeys: () => (boots === 0 ? [] : [`ssh-ed25519 ${Buffer.from(`${uuid} ${uuid}`).toString('base64')}`]),
    up: () => answers,
    view: () => viewOf(template, parts, { mac, uuid, boots, clock: clock.now() }),
    start() {
      if (on) return;
      on = true;
      boots += 1;
      const current = boots;
      const when = (ms: number, run: () => void) =>
        clock.after(ms, () => {
          // Switched off meanwhile, it is another boot or none.
          if (on && current === boots) run();
        });
      when(boot.asksMs, () => {
        systems.boot();
        names.boot();
        cloudInit.early();
        client.boot();
      });
      when(boot.answersMs, () => {
        answers = true;
      });
      when(boot.finishedMs, cloudInit.late);
    },
    stop() {
      on = false;
      answers = false;
    },
  };
}

type Parts = Pick<SimMachine, 'names' | 'client' | 'systems' | 'cloudInit'>;

function viewOf(
  { os }: SimTemplate,
  { names, client, systems, cloudInit }: Parts,
  {
    mac,
    uuid,
    boots,
    clock,
  }: { readonly mac: Mac; readonly uuid: string; readonly boots: number; readonly clock: string },
): GuestView {
  const state = client.state();
  const address = client.address();
  const addresses = address === undefined ? [] : [{ address, dynamic: true }];
  return {
    identity: { macs: [mac], uuid, bootId: `${uuid.slice(0, -4)}${String(boots).padStart(4, '0')}`, clock },
    os: {
      id: os,
      name: os === 'nixos' ? 'NixOS 25.11' : 'Debian GNU/Linux 13 (trixie)',
      machineId: machineIdOf(uuid),
      systemd: true,
    },
    interfaces: [{ device, mac, above: [], addresses, ipv6: [] }],
    host: names.read(),
    nixos: systems.read(),
    cloudInit: cloudInit.state(),
    client: state.activated ? state : undefined,
    otherClients: [],
  };
}

/** A clone makes its own at its first boot. */
function machineIdOf(uuid: string): string {
  return uuid.replaceAll('-', '');
}
