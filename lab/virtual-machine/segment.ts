import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { command } from '../command.ts';
import { createBridge, createNamespace, insideNetwork, type Namespace, removeNamespace } from '../network.ts';

/** A segment for one virtual machine: a bridge with a real dnsmasq, and everything on it captured. */
export interface MachineSegment {
  readonly namespace: Namespace;
  /** The tap device that the machine is plugged in by. */
  readonly device: string;
  /** The capture file; whole after `end`. */
  readonly capture: string;
  /** Lines of the lease file as they stand. */
  leases(): Promise<string[]>;
  /** Whether the DHCP server answers. */
  serve(answers: boolean): Promise<void>;
  end(): Promise<void>;
}

const bridge = 'lan';
const device = 'tap0';

/** Starts a segment below a folder; the DHCP server answers from the start, and the capture runs before anything is sent. */
export async function startMachineSegment(
  lab: string,
  name: string,
  folder: string,
  domain: string,
): Promise<MachineSegment> {
  const namespace = await createNamespace(lab, name);
  await createBridge(namespace, bridge, '02:00:00:00:09:01');
  await command('ip', ['-n', namespace.name, 'address', 'add', '10.2.9.1/24', 'dev', bridge]);
  await command('ip', ['-n', namespace.name, 'tuntap', 'add', device, 'mode', 'tap']);
  await command('ip', ['-n', namespace.name, 'link', 'set', device, 'master', bridge, 'up']);
  const capture = join(folder, 'dhcp.pcap');
  const endCapture = await startCapture(namespace, capture);
  const leaseFile = join(folder, 'leases');
  const dnsmasq = execa(
    'nsenter',
    [...insideNetwork(namespace), 'dnsmasq', ...directives(leaseFile, domain)],
    {
      stdin: 'ignore',
      reject: false,
    },
  );
  return {
    namespace,
    device,
    capture,
    async leases() {
      const text = await readFile(leaseFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
        return '';
      });
      return text.split('\n').filter((line) => line !== '' && !line.startsWith('duid'));
    },
    async serve(answers) {
      dnsmasq.kill(answers ? 'SIGCONT' : 'SIGSTOP');
    },
    async end() {
      dnsmasq.kill('SIGCONT');
      dnsmasq.kill('SIGTERM');
      await Promise.all([dnsmasq, endCapture()]);
      await removeNamespace(namespace.name);
    },
  };
}

/** Captures from now on, for tcpdump(8) listens when this returns; the result ends it, and the file is whole then. */
async function startCapture(namespace: Namespace, file: string): Promise<() => Promise<void>> {
  const filter = 'udp and (port 67 or port 68)';
  const options = ['-i', bridge, '-n', '-U', '--immediate-mode', '-Z', 'root', '-w', file, filter];
  const tcpdump = execa('nsenter', [...insideNetwork(namespace), 'tcpdump', ...options], {
    stdin: 'ignore',
    stdout: 'ignore',
    reject: false,
  });
  let said = '';
  tcpdump.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  let over = false;
  const ended = tcpdump.then(() => {
    over = true;
  });
  while (!said.includes('listening on')) {
    if (over) throw new Error(`tcpdump ended: ${said}`);
    await delay(20);
  }
  return async () => {
    tcpdump.kill('SIGINT');
    await ended;
  };
}

function directives(leaseFile: string, domain: string): string[] {
  return [
    '--keep-in-foreground',
    '--conf-file=/dev/null',
    '--user=root',
    `--interface=${bridge}`,
    '--bind-interfaces',
    '--no-resolv',
    '--no-hosts',
    '--dhcp-fqdn',
    `--domain=${domain}`,
    `--local=/${domain}/`,
    '--dhcp-authoritative',
    '--dhcp-range=10.2.9.100,10.2.9.199,86400',
    `--dhcp-leasefile=${leaseFile}`,
    '--pid-file',
    '--log-facility=-',
  ];
}
