import { appendFile, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { command } from './command.ts';
import { type Container, startContainer } from './container.ts';
import { addRoute, createNamespace, type Namespace, plug, processesInside } from './network.ts';
import { mountOverlay } from './overlay.ts';
import type { LabPaths } from './paths.ts';
import { type LabSegment, labSegments, nodeHost } from './segments.ts';

/** The DHCP server and resolver of one segment, on a machine that one reaches by SSH as root. */
export interface Firewall {
  readonly segment: LabSegment;
  readonly namespace: Namespace;
  readonly container: Container;
  /** Path, as the machine sees it, of the living lease file. */
  readonly leaseFile: string;
  /** Root of the firewall's tree, as the machine sees it. */
  readonly root: string;
}

/** The folder of hosts that the firewall's dnsmasq watches, below its root. */
export const hostsFolder = 'usr/local/etc/dnsmasq-hosts.d';

/** Starts the firewall of a segment at the lab's switch. */
export async function startFirewall(
  paths: LabPaths,
  tree: string,
  at: Namespace,
  segment: LabSegment,
): Promise<Firewall> {
  const name = `fw-${segment.name}`;
  const namespace = await createNamespace(paths.id, name);
  const port = `fw${segment.name}`;
  await plug({
    host: namespace,
    device: 'eth0',
    at,
    bridge: segment.bridge,
    port,
    address: `${segment.firewall}/24`,
  });
  const transit = { mgmt: '10.255.0.1', srv: '10.255.0.2' };
  await plug({
    host: namespace,
    device: 'eth1',
    at,
    bridge: 'transit',
    port: `${port}t`,
    address: `${transit[segment.name]}/30`,
  });
  for (const other of labSegments.filter((each) => each !== segment)) {
    await addRoute(namespace, other.subnet, transit[other.name]);
  }
  await command('ip', ['netns', 'exec', namespace.name, 'sh', '-c', 'echo 1 >/proc/sys/net/ipv4/ip_forward']);

  const folder = paths.host(name);
  await mkdir(folder, { recursive: true });
  const { root } = await mountOverlay(folder, [tree]);
  await copyFile(`${paths.key}.pub`, join(root, 'root/.ssh/authorized_keys'));
  await mkdir(join(root, hostsFolder));
  await writeFile(join(root, 'usr/local/etc/dnsmasq.conf'), dnsmasqConfiguration(segment));
  await writeFile(join(root, 'usr/local/etc/unbound.conf'), unboundConfiguration(segment));
  await writeFile(join(root, 'etc/hostname'), 'firewall\n');
  const container = await startContainer({
    root,
    machine: namespace.name,
    namespace,
    hostname: 'firewall',
    program: ['/usr/local/etc/rc.lab'],
    logFile: paths.log(name),
  });
  return { segment, namespace, container, root, leaseFile: join(root, 'var/db/dnsmasq.leases') };
}

/** Stops the DHCP server in its tracks, or lets it go on: a server that is there and does not answer. */
export async function freezeDhcp(firewall: Firewall, frozen: boolean): Promise<void> {
  await signalDhcp(firewall, frozen ? 'SIGSTOP' : 'SIGCONT');
}

/** Makes the DHCP server deaf to these MAC addresses, and to no others; it goes on answering everybody else. */
export async function ignoreRequests(firewall: Firewall, macs: readonly string[]): Promise<void> {
  await configure(
    firewall,
    'ignored',
    macs.map((mac) => `dhcp-host=${mac},ignore`),
  );
}

/** Makes the DHCP server pass over the names that clients send, or heed them again. */
export async function ignoreNames(firewall: Firewall, ignored: boolean): Promise<void> {
  await configure(firewall, 'names', ignored ? ['dhcp-ignore-names'] : []);
}

/** Adds host entries to dnsmasq as OPNsense writes them for DNS, and lets it read them (SIGHUP): `ADDRESS NAME…`. */
export async function addHostEntry(firewall: Firewall, entry: string): Promise<void> {
  await appendFile(join(firewall.root, 'var/etc/dnsmasq-hosts'), `${entry}\n`);
  await signalDhcp(firewall, 'SIGHUP');
}

/** Reserves a name for a MAC address as OPNsense does, by a line and a restart; the living lease is renamed. */
export async function reserveName(firewall: Firewall, mac: string, name: string): Promise<void> {
  await configure(firewall, name, [`dhcp-host=${mac},${name}`]);
}

/** Gives dnsmasq a file of lines that it will read at its next start. */
export async function writeLines(firewall: Firewall, name: string, lines: readonly string[]): Promise<void> {
  const text = lines.map((line) => `${line}\n`).join('');
  await writeFile(join(firewall.root, `usr/local/etc/dnsmasq.conf.d/${name}.conf`), text);
}

/** Rewrites the lease file while dnsmasq is stopped: gets the lines that are there, gives those that are to be. */
export type LeaseEdit = (lines: readonly string[]) => readonly string[];

/** Gives dnsmasq a file of lines, and starts it anew as OPNsense does. */
export async function configure(
  firewall: Firewall,
  name: string,
  lines: readonly string[],
  leases?: LeaseEdit,
): Promise<void> {
  await writeLines(firewall, name, lines);
  await signalDhcp(firewall, 'SIGTERM');
  while ((await dhcpProcesses(firewall)).length > 0) await delay(20);
  if (leases !== undefined) {
    const kept = leases((await readFile(firewall.leaseFile, 'utf8')).split('\n').filter(Boolean));
    await writeFile(firewall.leaseFile, kept.map((line) => `${line}\n`).join(''));
  }
  const leader = await firewall.container.leader();
  // A new one cannot bind while the old one is on its way out: the kernel closes its sockets after it has left the
  // namespace, and takes its time where it watched a folder. A daemon that kept this command's pipes open would keep it
  // from ending.
  const start = `n=0; until dnsmasq -C /usr/local/etc/dnsmasq.conf </dev/null >/dev/null 2>&1
do n=$((n + 1)); [ $n -lt 100 ] || exit 1; sleep 0.05; done`;
  await command('nsenter', ['-t', String(leader), '-a', '/bin/sh', '-c', start]);
}

/** Whether the DHCP server runs at all, frozen or not. */
export async function dhcpRuns(firewall: Firewall): Promise<boolean> {
  return (await dhcpProcesses(firewall)).length > 0;
}

async function signalDhcp(firewall: Firewall, signal: NodeJS.Signals): Promise<void> {
  for (const pid of await dhcpProcesses(firewall)) process.kill(pid, signal);
}

async function dhcpProcesses({ namespace }: Firewall): Promise<number[]> {
  const found: number[] = [];
  for (const pid of await processesInside(namespace.name)) {
    const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();
    if (name === 'dnsmasq') found.push(pid);
  }
  return found;
}

/** The directives that OPNsense's template writes for this segment (fqdn on, DNS on 53053), and a folder of hosts. */
function dnsmasqConfiguration(segment: LabSegment): string {
  return `${[
    'rebind-localhost-ok',
    'stop-dns-rebind',
    'port=53053',
    'interface=eth0',
    'interface=eth1',
    'no-dhcp-interface=eth1',
    'dhcp-fqdn',
    `domain=${segment.domain}`,
    `local=/${segment.domain}/`,
    'addn-hosts=/var/etc/dnsmasq-hosts',
    'addn-hosts=/var/etc/dnsmasq-leases',
    'dns-forward-max=5000',
    'cache-size=10000',
    'local-ttl=1',
    'conf-dir=/usr/local/etc/dnsmasq.conf.d,*.conf',
    `dhcp-hostsdir=/${hostsFolder}`,
    'no-resolv',
    'no-hosts',
    `dhcp-range=tag:eth0,${segment.firstLease},${segment.lastLease},86400`,
    'dhcp-option=6,0.0.0.0',
    ...(segment.authoritative ? ['dhcp-authoritative'] : []),
    'no-ident',
    'dhcp-name-match=set:wpad-ignore,wpad',
    'dhcp-ignore-names=tag:wpad-ignore',
    'dhcp-leasefile=/var/db/dnsmasq.leases',
    'user=root',
    'log-dhcp',
    'log-facility=-',
  ].join('\n')}\n`;
}

function unboundConfiguration(segment: LabSegment): string {
  const forwards = labSegments.map((each) =>
    forwardZone(each.domain, each === segment ? '127.0.0.1@53053' : `${each.firewall}@53053`),
  );
  const reversed = `${segment.subnet.split('.').slice(0, 3).reverse().join('.')}.in-addr.arpa`;
  if (segment.reverse) forwards.push(forwardZone(reversed, '127.0.0.1@53053'));
  return `server:
  interface: 127.0.0.1
  interface: ${segment.firewall}
  access-control: 10.0.0.0/8 allow
  access-control: 127.0.0.0/8 allow
  do-daemonize: no
  chroot: ""
  username: ""
  directory: "/usr/local/etc"
  pidfile: "/run/unbound.pid"
  use-syslog: no
  logfile: ""
  module-config: "iterator"
  do-not-query-localhost: no
  local-zone: "mgmt.internal." transparent
  local-data: "${nodeHost.name}.mgmt.internal. IN A ${nodeHost.address}"
${labSegments.map((each) => `  local-data: "firewall.${each.domain}. IN A ${each.firewall}"`).join('\n')}
${segment.reverse ? `  local-zone: "${reversed}." transparent\n` : ''}
remote-control:
  control-enable: no
${forwards.join('')}`;
}

function forwardZone(name: string, to: string): string {
  return `forward-zone:\n  name: "${name}."\n  forward-addr: ${to}\n`;
}
