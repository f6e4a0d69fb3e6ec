import { spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { createFacade } from '../../facades/opnsense/facade.ts';
import { startOpnsenseFacade } from '../../facades/opnsense/server.ts';
import { type Faults, noFaults, type OpnsenseState } from '../../facades/opnsense/state.ts';
import type { Firewall } from '../../lab/firewall.ts';
import { insideNetwork } from '../../lab/network.ts';
import { opnsenseState, opnsenseWorld } from '../../lab/opnsense.ts';

/** The API of an OPNsense before a firewall of the lab, whose real dnsmasq takes up what the product would have it told. */
export interface OpnsenseOnFirewall {
  readonly state: OpnsenseState;
  readonly faults: Faults;
  /** For this process, on loopback. */
  readonly url: string;
  /** SHA-256 of its certificate, which names no IP address. */
  readonly fingerprint: string;
  /** What it was asked, such as `POST dnsmasq/service/reconfigure`. */
  asked(): readonly string[];
  /** Puts an item there as a person does in the web interface, and applies it. */
  enter(fields: Readonly<Record<string, string>>): Promise<void>;
  close(): Promise<void>;
}

/** Key and secret that it accepts. */
export const opnsenseKey = { key: 'key', secret: 'c2VjcmV0/of+the/key==' } as const;

/** Port of the web interface on the firewall's own address, for machines of the lab. */
export const opnsensePort = 8443;

/** Starts it; `folder` is for its certificate and socket. */
export async function opnsenseOnFirewall(firewall: Firewall, folder: string): Promise<OpnsenseOnFirewall> {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  await execa('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=OPNsense.internal', '-addext', 'subjectAltName=DNS:OPNsense.internal'],
    ...['-keyout', key, '-out', certificate],
  ]);
  const pem = await readFile(certificate, 'utf8');
  const tls = { key: await readFile(key, 'utf8'), cert: pem };
  const [state, world, faults] = [opnsenseState(firewall, opnsenseKey), opnsenseWorld(firewall), noFaults()];
  const options = { state, world, faults, certificate: tls };
  const socket = join(folder, 'api.sock');
  const [here, there] = [
    await startOpnsenseFacade(options),
    await startOpnsenseFacade({ ...options, socket }),
  ];
  const forwarder = await forward(firewall, socket);
  const authorization = `Basic ${Buffer.from(`${opnsenseKey.key}:${opnsenseKey.secret}`).toString('base64')}`;
  return {
    state,
    faults,
    url: here.url,
    fingerprint: new X509Certificate(pem).fingerprint256,
    asked: () => [...here.asked, ...there.asked],
    async enter(fields) {
      // Not counted among what was asked.
      const hands = createFacade({ state, world });
      const post = (path: string, body?: string) =>
        hands.handle({
          ...{ method: 'POST', target: `/api/dnsmasq/${path}` },
          headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
          ...(body === undefined ? {} : { body }),
        });
      const added = await post('settings/add_host', JSON.stringify({ host: fields }));
      if (!added.body.includes('saved')) throw new Error(added.body);
      await post('service/reconfigure');
    },
    async close() {
      forwarder.kill();
      await Promise.all([here.close(), there.close()]);
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
