import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Release } from '../../facades/opnsense/release.ts';
import type { World } from '../../facades/opnsense/world.ts';
import { keaFile, keaRuns, startKeaDaemon, stopKea } from '../../lab/kea.ts';
import { benchNetwork, type KeaBench, openKeaBench } from '../../lab/kea-bench.ts';
import { keaSubnetUuid, opnsenseState, withKea } from '../../lab/opnsense.ts';
import { opnsenseKea } from '../../lab/opnsense-kea.ts';
import { createOpnsenseApi } from '../../src/adapters/opnsense/api.ts';
import { opnsenseServer } from '../../src/adapters/opnsense/server.ts';
import { type Address, parseSubnet } from '../../src/domain/address.ts';
import type { Mac } from '../../src/domain/mac.ts';
import type { Hostname } from '../../src/domain/name.ts';
import type { Clock, DhcpServer, ReservationWriter } from '../../src/domain/ports.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { type ListeningOpnsense, listeningOpnsense, opnsenseKey } from '../support/opnsense-listening.ts';
import { dhcpServerContract } from './dhcp-server.ts';
import { reservationWriterContract } from './reservation-writer.ts';

/** The first reads Kea's file of leases, where all values are texts and a subnet is shown in CIDR notation; the last asks Kea itself. */
const releases: readonly Release[] = ['25.1.12', '26.7.2'];

const holder = { mac: '52:54:00:00:02:01' as Mac, address: benchNetwork.firstLease, name: 'holder' };

let bench: KeaBench;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contract-'));
  bench = await openKeaBench('2.6');
}, 300_000);

afterAll(async () => {
  await bench?.down();
  await rm(folder, { recursive: true, force: true });
});

/** By the last two numbers of a MAC address, out of the way of leases. */
const addressFor = (mac: Mac) => {
  const [more = 0, last = 0] = mac
    .split(':')
    .slice(-2)
    .map((each) => Number.parseInt(each, 16));
  return `10.2.30.${200 + more * 16 + last}` as Address;
};

/** Of a firewall whose Dnsmasq is off. */
const noDnsmasq: World = {
  apply: async () => undefined,
  running: async () => false,
  leaseFile: async () => '',
};

/** Five times as fast, since a Kea with so few reservations reads them at once. */
const hurriedClock: Clock = {
  now: () => systemClock.now(),
  elapsed: () => systemClock.elapsed() * 5,
  sleep: (ms, given) => systemClock.sleep(ms / 5, given),
};

/** The adapter before this API. */
function adapter({ url, fingerprint }: ListeningOpnsense, clock: Clock): DhcpServer {
  const subnet = parseSubnet(benchNetwork.subnet);
  return opnsenseServer({
    ...{ id: 'srv', source: 'OPNsense', backend: 'auto', addresses: [], clock },
    segments: [{ domain: 'srv.internal', ...(subnet === undefined ? {} : { subnet }) }],
    connect: async () =>
      createOpnsenseApi({
        ...{ ...opnsenseKey, url, trust: { kind: 'fingerprint', sha256: fingerprint }, timeoutMs: 30_000 },
      }),
  });
}

describe.each(releases)('OPNsense %s on a real Kea', (release) => {
  const signal = () => AbortSignal.timeout(30_000);
  let opnsense: ListeningOpnsense;
  let server: DhcpServer;
  const everything = async () =>
    [
      JSON.stringify(opnsense.state.kea.reservations),
      await readFile(join(bench.kea.root, keaFile), 'utf8'),
    ].join('\n');
  const enter = (fields: Readonly<Record<string, string>>) =>
    opnsense.post('kea/dhcpv4/add_reservation', { reservation: { subnet: keaSubnetUuid, ...fields } });
  const reserve = async (mac: Mac, hostname: string) => {
    await enter({ hw_address: mac, hostname, ip_address: addressFor(mac) });
    await opnsense.post('kea/service/reconfigure');
  };

  beforeAll(async () => {
    const state = withKea(opnsenseState({ domain: 'srv.internal' }, opnsenseKey), benchNetwork, release);
    opnsense = await listeningOpnsense(state, { ...noDnsmasq, kea: opnsenseKea(bench.kea) }, folder);
    await opnsense.post('kea/service/reconfigure');
    server = adapter(opnsense, hurriedClock);
    if (release === releases[0]) await bench.lease(holder.mac, holder.name);
  }, 60_000);

  afterAll(() => opnsense?.close());

  dhcpServerContract(`OPNsense ${release} with Kea, over HTTPS`, {
    server: () => server,
    holder: () => holder,
    // Nothing of the API tells a Kea that hangs from one that works.
    freeze: (frozen) => (frozen ? stopKea(bench.kea) : startKeaDaemon(bench.kea)),
    reserve,
  });

  reservationWriterContract(`OPNsense ${release} with Kea, over HTTPS`, {
    server: () => server,
    holder: () => holder.mac,
    reserve,
    everything,
    address: addressFor,
    renamesLeases: false,
  });

  const theirs = release === '25.1.12' ? '52:54:00:00:0A:0B' : '5254.0000.0a0b';
  const mine = '52:54:00:00:0a:0b' as Mac;
  const change = () => [
    {
      ...{ mac: mine, was: null },
      becomes: { mac: mine, name: 'mine' as Hostname, address: '10.2.30.251' as Address },
    },
  ];

  it('takes back what Kea does not start with, though the product said ok', async () => {
    // Up to 25.7.7 the model tells MAC addresses apart by their case, and later takes dots for none; Kea dies of either.
    await enter({ hw_address: theirs, hostname: 'theirs', ip_address: '10.2.30.250' });
    const inForce = release === '25.1.12';
    if (inForce) await opnsense.post('kea/service/reconfigure');
    const rows = structuredClone(opnsense.state.kea.reservations);
    const writer = adapter(opnsense, systemClock).reserving as ReservationWriter;

    const writing = writer.write(change(), await writer.standing(signal()), signal());

    await expect(writing).rejects.toMatchObject({
      code: 'reservation-not-taken',
      message: expect.stringContaining(inForce ? 'runs again' : 'STILL DOES NOT RUN'),
    });
    expect([opnsense.state.kea.reservations, await keaRuns(bench.kea)]).toEqual([rows, inForce]);
    await opnsense.post(`kea/dhcpv4/del_reservation/${rows.at(-1)?.uuid}`);
    await opnsense.post('kea/service/reconfigure');
    await expect.poll(() => keaRuns(bench.kea)).toBe(true);
  });
});
