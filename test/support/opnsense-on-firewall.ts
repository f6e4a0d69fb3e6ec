import { spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { configure, dhcpRuns, type Firewall } from '../../lab/firewall.ts';
import { insideNetwork } from '../../lab/network.ts';
import type { HttpRequest } from '../../src/lib/http.ts';
import {
  dnsmasqKind,
  type Item,
  type MemoryConfiguration,
  memoryConfiguration,
} from './opnsense-configuration.ts';
import { grid, response, type ScriptedResponse } from './scripted-opnsense.ts';

/** The API of an OPNsense before a firewall of the lab, whose real dnsmasq takes up what the product would have it told. */
export interface OpnsenseOnFirewall {
  readonly memory: MemoryConfiguration;
  /** For this process, on loopback. */
  readonly url: string;
  /** SHA-256 of its certificate, which names no IP address. */
  readonly fingerprint: string;
  /** What it was asked, such as `POST /dnsmasq/service/reconfigure`. */
  readonly asked: string[];
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
  const tls = { key: await readFile(key), cert: pem };
  const memory = memoryConfiguration(dnsmasqKind);
  const asked: string[] = [];
  const authorization = `Basic ${Buffer.from(`${opnsenseKey.key}:${opnsenseKey.secret}`).toString('base64')}`;
  const handle = (request: IncomingMessage) =>
    request.headers.authorization === authorization
      ? answer(firewall, memory, asked, request)
      : Promise.resolve(response(401, { status: 401, message: 'Authentication Failed' }));
  const start = async (...at: [string] | [number, string]): Promise<Server> => {
    const server = createServer(tls, (request, reply) => {
      handle(request).then(
        (given) => {
          const { status, body } =
            'status' in given ? given : response(200, 'body' in given ? given.body : {});
          reply.writeHead(status, { 'content-type': 'application/json' }).end(body);
        },
        () => reply.destroy(),
      );
    });
    await new Promise<void>((resolve) => server.listen(...(at as [number, string]), resolve));
    return server;
  };
  const socket = join(folder, 'api.sock');
  const [here, there] = [await start(0, '127.0.0.1'), await start(socket)];
  const { port } = here.address() as AddressInfo;
  const forwarder = await forward(firewall, socket);
  return {
    memory,
    asked,
    url: `https://127.0.0.1:${port}`,
    fingerprint: new X509Certificate(pem).fingerprint256,
    async enter(fields) {
      memory.answer('POST /dnsmasq/settings/add_host', { json: { host: fields } } as unknown as HttpRequest);
      await apply(firewall, memory.items);
    },
    async close() {
      forwarder.kill();
      for (const server of [here, there]) {
        server.closeAllConnections();
        server.close();
      }
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

async function answer(
  firewall: Firewall,
  memory: MemoryConfiguration,
  asked: string[],
  request: IncomingMessage,
): Promise<ScriptedResponse> {
  const key = `${request.method} ${(request.url ?? '').replace(/^\/api/, '')}`;
  asked.push(key);
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const call = { json: text === '' ? undefined : JSON.parse(text) } as HttpRequest;
  const real = memory.instead.has(key) ? undefined : await ofFirewall(key, firewall, memory);
  return real ?? memory.answer(key, call) ?? response(404, { errorMessage: 'Endpoint not found' });
}

/** What is answered by the firewall itself; undefined for what only concerns the configuration. */
async function ofFirewall(
  key: string,
  firewall: Firewall,
  { items }: MemoryConfiguration,
): Promise<ScriptedResponse | undefined> {
  switch (key) {
    case 'GET /diagnostics/system/system_information':
      return { body: { name: 'fw.internal', versions: ['OPNsense 26.7.2-amd64'] } };
    case 'GET /dnsmasq/settings/get':
      return { body: settings(firewall) };
    case 'GET /dnsmasq/service/status':
      return { body: { status: (await dhcpRuns(firewall)) ? 'running' : 'stopped' } };
    case 'POST /dnsmasq/leases/search':
      return grid(await leases(firewall));
    case 'POST /dnsmasq/service/reconfigure':
      await apply(firewall, items);
      return undefined;
    default:
      return undefined;
  }
}

function settings({ segment }: Firewall): unknown {
  const ranges = { range: { domain: '' } };
  return { dnsmasq: { enable: '1', port: '53053', dhcp: { domain: segment.domain }, dhcp_ranges: ranges } };
}

/** Its lease file raw (opnsense/core S/dnsmasq/get_dnsmasq_leases.py). */
async function leases({ leaseFile }: Firewall): Promise<unknown[]> {
  const lines = (await readFile(leaseFile, 'utf8')).split('\n').map((line) => line.split(' '));
  return lines
    .filter((each) => each.length === 5)
    .map(([expire, hwaddr, address, hostname, clientId]) => ({
      ...{ expire: Number(expire), hwaddr, iaid: '', address, hostname, client_id: clientId },
      ...{ if: 'eth0', if_descr: 'LAN', if_name: 'lan', mac_info: '', is_reserved: [] },
    }));
}

/** Lines and hosts as the product makes them (T/Dnsmasq/dnsmasq.conf, I/dnsmasq.inc), and a stop and start of dnsmasq. */
async function apply(firewall: Firewall, items: readonly Item[]): Promise<void> {
  const hosts = items
    .filter(({ host, ip }) => host !== '' && ip !== '')
    .map(({ host, domain, ip }) => `${ip}\t${domain === '' ? host : `${host}.${domain} ${host}`}\n`);
  await writeFile(join(firewall.root, 'var/etc/dnsmasq-hosts'), hosts.join(''));
  const lines = items
    .filter(({ hwaddr }) => hwaddr?.includes(':'))
    .map(({ hwaddr, ip, host }) => `dhcp-host=${[hwaddr, ip, host].filter((each) => each !== '').join(',')}`);
  // A dnsmasq that does not start is what the product answers ok to.
  await configure(firewall, 'opnsense', lines).catch(() => delay(0));
}
