import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll } from 'vitest';
import { addHostEntry, freezeDhcp, reserveName } from '../../lab/firewall.ts';
import { runInside } from '../../lab/inside.ts';
import { checkout } from '../../lab/paths.ts';
import { labSegments } from '../../lab/segments.ts';
import { dnsmasqServer } from '../../src/adapters/dnsmasq/server.ts';
import { openSshShell } from '../../src/adapters/openssh/shell.ts';
import type { Address } from '../../src/domain/address.ts';
import type { Mac } from '../../src/domain/mac.ts';
import { fqdn, type Hostname } from '../../src/domain/name.ts';
import type { Resolver, Shell } from '../../src/domain/ports.ts';
import { type RunProcess, runProcess } from '../../src/lib/process.ts';
import { openStage, type Stage } from '../end-to-end/stage.ts';
import { dhcpServerContract } from './dhcp-server.ts';
import { reservationWriterContract } from './reservation-writer.ts';
import { resolverContract } from './resolver.ts';
import { shellContract } from './shell.ts';

/** A name with an IPv6 address in the zone of each segment. */
const sixName = 'six' as Hostname;
const sixAddress = 'fd00::6';

/** Each file of dnsmasq's configuration with its text. */
const everythingOfDnsmasq = `cd /usr/local/etc
find dnsmasq.conf dnsmasq.conf.d dnsmasq-hosts.d | sort | while read -r path; do echo "$path"; [ -d "$path" ] || cat "$path"; done`;

let stage: Stage;
let folder: string;
let holder: { mac: Mac; address: string; name: string };
const known = {} as Record<'mgmt' | 'srv', { fqdn: ReturnType<typeof fqdn>; address: Address }>;

beforeAll(async () => {
  stage = await openStage();
  folder = await mkdtemp(join(tmpdir(), 'contract-'));
  const { address, name } = await stage.clone(9001, 640, 'holder', 'srv');
  holder = { mac: (await stage.cluster.mac(640)) as Mac, address, name };
  const other = await stage.clone(9001, 641, 'other', 'mgmt');
  known.srv = { fqdn: fqdn(name as Hostname, 'srv.internal'), address: address as Address };
  known.mgmt = { fqdn: fqdn(other.name as Hostname, 'mgmt.internal'), address: other.address as Address };
  for (const { name: segment, domain } of labSegments) {
    await addHostEntry(stage.lab.firewalls[segment], `${sixAddress} ${sixName}.${domain}`);
  }
  await stage.inGuest(640, 'until [ -e /run/cloud-init/result.json ]; do sleep 0.2; done');
  const keys = await stage.inGuest(640, 'cat /etc/ssh/ssh_host_ed25519_key.pub');
  await execa('tee', [join(folder, 'known_hosts')], { input: `guest ${keys}` });
}, 300_000);

afterAll(async () => {
  await stage?.lab.down();
  await rm(folder, { recursive: true, force: true });
});

/** ssh from the lab's controller, whose user trusts firewalls and nodes already. */
const atController: RunProcess = async (file, args, options) => {
  const { namespace, holder: process } = await stage.lab.controller.place();
  return runProcess(
    'nsenter',
    ['-t', process, `--net=${namespace.path}`, '--mount', '--', file, ...args],
    options,
  );
};

function shellOn(name: string, user: string, more: Partial<Parameters<typeof openSshShell>[0]> = {}): Shell {
  return openSshShell({ name, user, ...more }, { run: atController });
}

shellContract('csh and a userland that is not GNU', {
  shell: () => shellOn('firewall.mgmt.internal', 'root'),
  becomesRoot: false,
});

shellContract('a NixOS-like guest, by sudo', {
  shell: () =>
    shellOn('holder', 'tappaas', {
      address: holder.address,
      pinned: { alias: 'guest', file: join(folder, 'known_hosts') },
    }),
  becomesRoot: true,
});

dhcpServerContract('dnsmasq over ssh', {
  server: () =>
    dnsmasqServer({
      id: 'srv',
      shell: shellOn('firewall.srv.internal', 'root'),
      leaseFile: '/var/db/dnsmasq.leases',
    }),
  holder: () => holder,
  freeze: (frozen) => freezeDhcp(stage.lab.firewalls.srv, frozen),
  reserve: (mac, name) => reserveName(stage.lab.firewalls.srv, mac, name),
  enter: (name, address) => addHostEntry(stage.lab.firewalls.srv, `${address} ${name}`),
});

/** Asks for IPv6 addresses: `SERVER NAME`. */
const askForward6 = `
import { dnsResolver } from ${JSON.stringify(join(checkout, 'src/adapters/dns/resolver.ts'))};
const [address, name] = process.argv.slice(1);
const answer = await dnsResolver({ id: address, address }).forward6(name, AbortSignal.timeout(20_000));
process.stdout.write(JSON.stringify(answer));`;

/** The adapter asked from the controller's network, by a process there. */
function resolverThere(server: string): Resolver {
  const answerOf = async (...program: readonly string[]) => {
    const { stdout, stderr } = await stage.lab.controller.run([
      process.execPath,
      '--no-warnings',
      ...program,
    ]);
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout);
  };
  const program = join(checkout, 'test/contract/ask-resolver.ts');
  return {
    id: server,
    forward: (name) => answerOf(program, server, 'forward', name),
    forward6: (name) => answerOf('--input-type=module', '-e', askForward6, server, name),
    reverse: (address) => answerOf(program, server, 'reverse', address),
  };
}

for (const segment of labSegments) {
  resolverContract(`Unbound in front of dnsmasq, ${segment.name}`, {
    resolver: () => resolverThere(segment.firewall),
    known: () => known[segment.name],
    known6: () => ({ fqdn: fqdn(sixName, segment.domain), address: sixAddress }),
    reverse: segment.reverse,
  });
}

// The last one: it gives the holder's lease another name.
reservationWriterContract('dnsmasq over ssh', {
  server: () =>
    dnsmasqServer({
      id: 'srv',
      shell: shellOn('firewall.srv.internal', 'root'),
      leaseFile: '/var/db/dnsmasq.leases',
    }),
  holder: () => holder.mac,
  reserve: (mac, name) => reserveName(stage.lab.firewalls.srv, mac, name),
  everything: () => runInside(stage.lab.paths, 'fw-srv', everythingOfDnsmasq),
});
