import { beforeEach, describe, expect, it } from 'vitest';
import type { Release } from '../../facades/opnsense/release.ts';
import { testingKeaFacade, testingSubnet } from '../../facades/opnsense/testing.ts';
import type { Address } from '../../src/domain/address.ts';
import { parseAddressRange } from '../../src/domain/address-range.ts';
import { type LeaseTable, leasesOf } from '../../src/domain/lease.ts';
import type { Mac } from '../../src/domain/mac.ts';
import type { Hostname } from '../../src/domain/name.ts';
import { addressToReserve } from '../../src/plan/address-to-reserve.ts';
import { opnsenseOnFacade } from '../support/opnsense-on-facade.ts';
import { dhcpServerContract } from './dhcp-server.ts';
import { reservationWriterContract } from './reservation-writer.ts';

const holder = { mac: 'bc:24:11:00:00:01' as Mac, address: '10.2.20.120', name: 'holder' };
const lease = {
  ...{ 'ip-address': holder.address, 'hw-address': holder.mac, 'client-id': `01:${holder.mac}` },
  ...{ cltt: 1_999_990_000, 'valid-lft': 4000, hostname: holder.name, state: 0 },
};
const range = parseAddressRange('10.2.20.50-10.2.20.52');

/** The adapter on a firewall in memory whose leases Kea hands out. */
function adapterOnKea(release: Release = '26.7.2') {
  const firewall = testingKeaFacade(release);
  firewall.kea.history = [lease];
  const adapter = opnsenseOnFacade(firewall.facade, range === undefined ? [] : [range]);
  const enter = async (mac: string, hostname: string, ipAddress: string) => {
    const reservation = { subnet: testingSubnet.uuid, hw_address: mac, hostname, ip_address: ipAddress };
    const { body } = await firewall.ask('POST', 'kea/dhcpv4/add_reservation', { reservation });
    expect(body).toMatchObject({ result: 'saved' });
    await firewall.ask('POST', 'kea/service/reconfigure');
  };
  return { ...firewall, ...adapter, enter };
}

/** By the last two numbers of a MAC address, out of the way of leases. */
const addressFor = (mac: Mac) => {
  const [more = 0, last = 0] = mac
    .split(':')
    .slice(-2)
    .map((each) => Number.parseInt(each, 16));
  return `10.2.20.${200 + more * 16 + last}` as Address;
};

describe.each(['25.1.12', '25.7', '26.1.6', '26.7', '26.7.2'] as const)('on %s', (release) => {
  const shared = adapterOnKea(release);
  const reserve = (mac: Mac, name: string) => shared.enter(mac, name, addressFor(mac));

  dhcpServerContract('OPNsense with Kea, façade in memory', {
    server: () => shared.server,
    holder: () => holder,
    freeze: async (frozen) => {
      shared.kea.runs = !frozen;
    },
    reserve,
  });

  reservationWriterContract('OPNsense with Kea, façade in memory', {
    server: () => shared.server,
    holder: () => holder.mac,
    reserve,
    everything: async () => JSON.stringify([shared.state.kea.reservations, shared.kea.applied.at(-1)]),
    address: addressFor,
    renamesLeases: false,
  });
});

describe('the OPNsense adapter on the façade of Kea', () => {
  const signal = AbortSignal.timeout(30_000);
  let firewall: ReturnType<typeof adapterOnKea>;
  const made = (mac: string, name: string, address: string) => {
    const becomes = { mac: mac as Mac, name: name as Hostname, address: address as Address };
    return { mac: becomes.mac, was: null, becomes };
  };

  beforeEach(() => {
    firewall = adapterOnKea();
  });

  it('keeps the name of a lease until its guest asks again', async () => {
    const { writer, server, kea } = firewall;
    const named = async () => leasesOf(await server.leases(signal), holder.mac)[0]?.name;
    const standing = await writer.standing(signal);

    await writer.write([made(holder.mac, 'renamed', holder.address)], standing, signal);
    const before = await named();
    kea.renew(holder.mac, lease.cltt + 1000);

    expect([standing.renamesLeases, before, await named()]).toEqual([false, holder.name, 'renamed']);
  });

  it('reserves the address that the guest holds, or a free one of those configured', async () => {
    const { writer, server, enter } = firewall;
    await enter('bc:24:11:00:00:99', 'theirs', '10.2.20.50');
    const view = { standing: await writer.standing(signal), leases: await server.leases(signal) };
    const segment = { subnet: { network: '10.2.20.0' as Address, prefix: 24 } } as never;
    const chosen = (mac: string) => addressToReserve(mac as Mac, segment, view, [])?.address ?? '';

    const addresses = [chosen(holder.mac), chosen('bc:24:11:00:00:02')];
    const change = [
      made(holder.mac, 'held', addresses[0] ?? ''),
      made('bc:24:11:00:00:02', 'free', addresses[1] ?? ''),
    ];
    await writer.write(change, view.standing, signal);

    expect(addresses).toEqual([holder.address, '10.2.20.51']);
    expect((await writer.standing(signal)).own).toEqual(change.map(({ becomes }) => becomes));
  });

  it.each([
    ['an address of somebody else', made('bc:24:11:00:00:02', 'mine', '10.2.20.50')],
    ['a MAC address of somebody else', made('bc:24:11:00:00:99', 'mine', '10.2.20.51')],
    ['an address outside', made('bc:24:11:00:00:02', 'mine', '10.9.9.9')],
  ])('is refused %s, and leaves all as it was', async (_what, change) => {
    const { writer, enter, state } = firewall;
    await enter('bc:24:11:00:00:99', 'theirs', '10.2.20.50');

    const writing = writer.write([change], await writer.standing(signal), signal);

    await expect(writing).rejects.toMatchObject({ code: 'reservation-conflict' });
    expect(state.kea.reservations).toMatchObject([{ hostname: 'theirs' }]);
  });

  it.each(['25.1.12', '26.7.2'] as const)(
    'puts back what stood there where Kea does not start: %s',
    async (release) => {
      const { writer, kea, state } = adapterOnKea(release);
      const first = made('bc:24:11:00:00:02', 'first', '10.2.20.50');
      await writer.write([first], await writer.standing(signal), signal);
      const before = state.kea.reservations;
      kea.starts = (reservations) => reservations.length === 1;

      const change = [
        { ...first, was: first.becomes, becomes: null },
        made('bc:24:11:00:00:03', 'second', '10.2.20.51'),
        made('bc:24:11:00:00:04', 'third', '10.2.20.52'),
      ];
      const writing = writer.write(change, await writer.standing(signal), signal);

      await expect(writing).rejects.toMatchObject({ code: 'reservation-not-taken' });
      expect([state.kea.reservations, kea.runs]).toEqual([before, true]);
    },
  );

  it.each(['25.7', '26.7.2'] as const)(
    'tells who holds an address that came back to its first guest: %s',
    async (release) => {
      const { kea, server } = adapterOnKea(release);
      const other = 'bc:24:11:00:00:02';
      kea.history = [
        lease,
        { ...lease, 'valid-lft': 0 },
        { ...lease, 'hw-address': other, cltt: lease.cltt + 10, hostname: 'between' },
        { ...lease, cltt: lease.cltt + 20 },
      ];

      const { leases }: LeaseTable = await server.leases(signal);

      expect(leases.map(({ mac, name }) => [mac, name])).toEqual([[holder.mac, holder.name]]);
    },
  );

  it('says that a stopped Kea is out of reach where it has no rows', async () => {
    const { kea, server } = firewall;
    kea.runs = false;

    await expect(server.leases(signal)).rejects.toMatchObject({ code: 'unreachable' });
  });
});
