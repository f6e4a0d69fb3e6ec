import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Agent } from 'undici';
import { certificateFiles } from '../../lab/certificate.ts';
import type { Lab } from '../../lab/lab.ts';
import { insideNetwork, namespaceOf } from '../../lab/network.ts';
import { nodeHost, nodeNamespace } from '../../lab/segments.ts';
import { type LabTokenName, labTokens } from '../../lab/templates.ts';
import { openSshShell } from '../../src/adapters/openssh/shell.ts';
import { createProxmoxHypervisor } from '../../src/adapters/proxmox/hypervisor.ts';
import { createPveshApi } from '../../src/adapters/proxmox/pvesh.ts';
import { createRestApi } from '../../src/adapters/proxmox/rest.ts';
import type { Hypervisor } from '../../src/domain/ports.ts';
import { createHttpClient } from '../../src/lib/http.ts';
import { type RunProcess, runProcess } from '../../src/lib/process.ts';

/** A lab's cluster as Truename reaches it, from a process outside of the lab's networks. */
export interface LabHypervisor {
  readonly hypervisor: Hypervisor;
  close(): Promise<void>;
}

/** Passes on what comes to a socket of the file system, to an address that only this network knows. */
const relay = `const { createConnection, createServer } = require('node:net');
const [socket, host, port] = process.argv.slice(1);
createServer((near) => {
  const far = createConnection(Number(port), host);
  const end = () => { near.destroy(); far.destroy(); };
  near.on('error', end).on('close', end).pipe(far);
  far.on('error', end).on('close', end).pipe(near);
}).listen(socket, () => console.log('listens'));`;

/** Over HTTPS, with a token of the lab and the cluster's authority. */
export async function labOverRest(lab: Lab, name: LabTokenName): Promise<LabHypervisor> {
  const { paths } = lab;
  const socket = join(paths.root, `relay-${randomUUID()}.sock`);
  const endpoint = `https://${nodeHost.address}:8006`;
  const process = await startRelay(lab, socket);
  const ca = await readFile(certificateFiles(paths).authority, 'utf8');
  const dispatcher = new Agent({ connect: { socketPath: socket, ca } });
  const { id, secretFile } = labTokens[name];
  const api = createRestApi({
    endpoints: [endpoint],
    tokenId: id,
    tokenSecret: await readFile(join(paths.root, secretFile), 'utf8'),
    trust: { kind: 'authority', pem: ca },
    timeoutMs: 30_000,
    connect: (baseUrl, headers) => createHttpClient({ baseUrl, headers, dispatcher }),
  });
  return {
    hypervisor: createProxmoxHypervisor({ id: 'lab', api }),
    async close() {
      await dispatcher.destroy();
      process.kill();
    },
  };
}

async function startRelay({ paths }: Lab, socket: string): Promise<ChildProcess> {
  const program = [process.execPath, '-e', relay, socket, nodeHost.address, '8006'];
  const started = spawn('nsenter', [...insideNetwork(namespaceOf(paths.id, nodeNamespace)), ...program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(started, 'exit').then(([code]) => {
    throw new Error(`the relay ended with ${code}`);
  });
  await Promise.race([once(started.stdout, 'data'), ended]);
  ended.catch(() => undefined);
  return started;
}

/** By `pvesh` over ssh, from the lab's controller. */
export function labByPvesh(lab: Lab): LabHypervisor {
  const run: RunProcess = async (file, args, options) => {
    const { namespace, holder } = await lab.controller.place();
    const there = ['-t', holder, `--net=${namespace.path}`, '--mount', '--', file, ...args];
    return runProcess('nsenter', there, options);
  };
  const shellTo = (node: string) => openSshShell({ name: `${node}.mgmt.internal`, user: 'root' }, { run });
  const api = createPveshApi({ shellTo, entryNodes: [nodeHost.name], timeoutMs: 60_000 });
  return {
    hypervisor: createProxmoxHypervisor({ id: 'lab', api, nodeShell: shellTo }),
    close: async () => undefined,
  };
}
