import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { freezeDhcp } from '../../lab/firewall.ts';
import { askResolver } from '../../lab/observe.ts';
import { createOpnsenseApi } from '../../src/adapters/opnsense/api.ts';
import { opnsenseServer } from '../../src/adapters/opnsense/server.ts';
import { parseSubnet } from '../../src/domain/address.ts';
import type { Mac } from '../../src/domain/mac.ts';
import type { DhcpServer } from '../../src/domain/ports.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { openStage, type Stage } from '../end-to-end/stage.ts';
import { opnsenseKey } from '../support/opnsense-listening.ts';
import { type OpnsenseOnFirewall, opnsenseOnFirewall } from '../support/opnsense-on-firewall.ts';
import { dhcpServerContract } from './dhcp-server.ts';
import { reservationWriterContract } from './reservation-writer.ts';

let stage: Stage;
let folder: string;
let opnsense: OpnsenseOnFirewall;
let server: DhcpServer;
let holder: { mac: Mac; address: string; name: string };

beforeAll(async () => {
  stage = await openStage();
  folder = await mkdtemp(join(tmpdir(), 'contract-'));
  opnsense = await opnsenseOnFirewall(stage.lab.firewalls.srv, folder);
  const { address, name } = await stage.clone(9001, 640, 'holder', 'srv');
  holder = { mac: (await stage.cluster.mac(640)) as Mac, address, name };
  const { url, fingerprint } = opnsense;
  const subnet = parseSubnet('10.2.20.0/24');
  server = opnsenseServer({
    id: 'srv',
    source: 'OPNsense',
    backend: 'auto',
    segments: [{ domain: 'srv.internal', ...(subnet === undefined ? {} : { subnet }) }],
    addresses: [],
    clock: systemClock,
    answers: async () => {
      const said = await askResolver(stage.lab.controller, '10.2.20.1:53053', 'srv.internal', 'A');
      return !/TIMEOUT|ECONNREFUSED|ECANCELLED/.test(said);
    },
    connect: async () =>
      createOpnsenseApi({
        ...opnsenseKey,
        url,
        trust: { kind: 'fingerprint', sha256: fingerprint },
        timeoutMs: 30_000,
      }),
  });
}, 300_000);

afterAll(async () => {
  await opnsense?.close();
  await stage?.lab.down();
  await rm(folder, { recursive: true, force: true });
});

const reserve = (mac: Mac, host: string) => opnsense.enter({ host, hwaddr: mac, domain: 'srv.internal' });

dhcpServerContract('OPNsense with Dnsmasq, over HTTPS', {
  server: () => server,
  holder: () => holder,
  freeze: (frozen) => freezeDhcp(stage.lab.firewalls.srv, frozen),
  reserve,
  enter: (name, address) => {
    const [host = '', ...domain] = name.split('.');
    return opnsense.enter({ host, domain: domain.join('.'), ip: address });
  },
});

// The last one: it gives the holder's lease another name.
reservationWriterContract('OPNsense with Dnsmasq, over HTTPS', {
  server: () => server,
  holder: () => holder.mac,
  reserve,
  everything: async () => {
    const { root } = stage.lab.firewalls.srv;
    const files = ['usr/local/etc/dnsmasq.conf.d/opnsense.conf', 'var/etc/dnsmasq-hosts'];
    const texts = await Promise.all(files.map((each) => readFile(join(root, each), 'utf8').catch(() => '')));
    return [JSON.stringify(opnsense.state.hosts), ...texts].join('\n');
  },
});
