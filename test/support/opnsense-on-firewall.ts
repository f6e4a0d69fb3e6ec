import { spawn } from 'node:child_process';
import type { OpnsenseState } from '../../facades/opnsense/state.ts';
import type { KeaWorld } from '../../facades/opnsense/world.ts';
import type { Firewall } from '../../lab/firewall.ts';
import { insideNetwork } from '../../lab/network.ts';
import { opnsenseState, opnsenseWorld } from '../../lab/opnsense.ts';
import { type ListeningOpnsense, listeningOpnsense, opnsenseKey } from './opnsense-listening.ts';

/** The API of an OPNsense before a firewall of the lab, whose real daemons take up what the product would have them told. */
export interface OpnsenseOnFirewall extends ListeningOpnsense {
  /** Puts a host entry there as a person does in the web interface, and applies it. */
  enter(fields: Readonly<Record<string, string>>): Promise<void>;
}

/** Port of the web interface on the firewall's own address, for machines of the lab. */
export const opnsensePort = 8443;

/** How it differs from one whose Dnsmasq hands out the leases. */
export interface OpnsenseOfFirewall {
  readonly state?: OpnsenseState;
  readonly kea?: KeaWorld;
}

/** Starts it; `folder` is for its certificate and socket. One at a time on a firewall. */
export async function opnsenseOnFirewall(
  firewall: Firewall,
  folder: string,
  { state = opnsenseState(firewall.segment, opnsenseKey), kea }: OpnsenseOfFirewall = {},
): Promise<OpnsenseOnFirewall> {
  const world = { ...opnsenseWorld(firewall), ...(kea === undefined ? {} : { kea }) };
  const listening = await listeningOpnsense(state, world, folder);
  const forwarder = await forward(firewall, listening.socket);
  return {
    ...listening,
    async enter(fields) {
      await listening.post('dnsmasq/settings/add_host', { host: fields });
      await listening.post('dnsmasq/service/reconfigure');
    },
    async close() {
      forwarder.kill();
      await listening.close();
    },
  };
}

/** Carries connections to the firewall's address to a socket in this machine's file system. */
async function forward(firewall: Firewall, socket: string) {
  const program = `const net = require('node:net');
net.createServer((from) => {
  const to = net.connect(process.argv[1]);
  from.pipe(to); to.pipe(from);
  for (const each of [from, to]) each.on('error', () => { from.destroy(); to.destroy(); });
}).listen(${opnsensePort}, process.argv[2], () => console.log('listens'));`;
  const { firewall: address } = firewall.segment;
  const args = [...insideNetwork(firewall.namespace), process.execPath, '-e', program, socket, address];
  const child = spawn('nsenter', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child;
}
