import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Address } from '../../domain/address.ts';
import type { Mac } from '../../domain/mac.ts';
import type { Hostname } from '../../domain/name.ts';
import type { OwnReservation } from '../../domain/reservation.ts';
import { hostFields, understandHost } from './dnsmasq-hosts.ts';
import { reservationFields, understandReservation } from './kea-reservations.ts';
import { dnsmasqHostSchema, keaReservationSchema } from './schema.ts';

const uuid = '29b57d5d-0000-4000-8000-000000000001';
const host = (fields: object) => understandHost(dnsmasqHostSchema.parse({ uuid, ...fields }));
const kea = (fields: object) => understandReservation(keaReservationSchema.parse({ uuid, ...fields }));

const anyOwn = fc.record({
  mac: fc.stringMatching(/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/).map((mac) => mac as Mac),
  name: fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/).map((name) => name as Hostname),
  address: fc.ipV4().map((address) => address as Address),
});

describe('a host of Dnsmasq', () => {
  it('that Truename writes is read as what was written, with an address and without', () => {
    fc.assert(
      fc.property(anyOwn, fc.boolean(), ({ address, ...rest }, withAddress) => {
        const own: OwnReservation = withAddress ? { ...rest, address } : rest;

        const row = host(hostFields(own, 'mgmt.internal'));

        expect([row.own, row.marked, row.macs]).toEqual([own, true, [own.mac]]);
      }),
    );
  });

  it('reserves for each of its MAC addresses, and says where it stands', () => {
    const { reservations, own } = host({
      ...{ host: 'web01', domain: 'lab.internal', ip: 'fd00::5,192.168.1.50', descr: 'rack 3' },
      hwaddr: 'BC:24:11:00:00:03,bc:24:11:00:00:04',
    });

    const told = { name: 'web01', address: '192.168.1.50', file: 'Services: Dnsmasq: Hosts (rack 3)' };
    expect([own, reservations]).toEqual([
      undefined,
      [
        { mac: 'bc:24:11:00:00:03', ...told },
        { mac: 'bc:24:11:00:00:04', ...told },
      ],
    ]);
  });

  it.each([
    ['bc-24-11-00-00-03', ''],
    ['bc24.1100.0003', ''],
    ['', ''],
  ])('reserves nothing where the product writes no line: hardware address %j', (hwaddr, clientId) => {
    expect(host({ host: 'web01', hwaddr, client_id: clientId }).reservations).toEqual([]);
  });

  it('reserves for a client id alone, and neither name nor address for whom it ignores', () => {
    expect(host({ host: 'web01', client_id: 'FF:01' }).reservations).toMatchObject([
      { clientId: 'ff:01', name: 'web01' },
    ]);
    const [ignored] = host({
      host: 'x',
      hwaddr: 'bc:24:11:00:00:03',
      ip: '10.0.0.1',
      ignore: '1',
    }).reservations;
    expect(Object.keys(ignored ?? {}).sort()).toEqual(['file', 'mac']);
  });

  it('answers DNS for each of its addresses under its full name, its bare one and its aliases', () => {
    const fields = {
      host: 'web01',
      domain: 'lab.internal',
      ip: '192.168.1.50,192.168.1.51',
      aliases: 'www.lab.internal',
    };

    expect(host(fields).entries.map(({ address, names }) => [address, names.join(' ')])).toEqual([
      ['192.168.1.50', 'web01.lab.internal web01 www.lab.internal'],
      ['192.168.1.51', 'web01.lab.internal web01 www.lab.internal'],
    ]);
    expect(host({ ...fields, domain: '', aliases: '' }).entries[0]?.names).toEqual(['web01']);
    expect(host({ ...fields, host: '*' }).entries).toEqual([]);
  });

  it('is read in versions that lack fields', () => {
    expect(host({ host: 'a', domain: 'b', ip: '192.168.1.5', descr: '' }).entries).toHaveLength(1);
  });
});

describe('a reservation of Kea', () => {
  it('that Truename writes is read as what was written', () => {
    fc.assert(
      fc.property(anyOwn, (own) => {
        const row = kea(reservationFields(own, uuid));

        expect([row.own, row.marked]).toEqual([own, true]);
      }),
    );
  });

  it('of somebody else is shown, by whatever it knows the client', () => {
    const fields = { ip_address: '192.168.1.50', hostname: 'web01', description: '' };

    expect(kea({ ...fields, hw_address: 'BC-24-11-00-00-03' }).reservations).toMatchObject([
      { mac: 'bc:24:11:00:00:03', name: 'web01', address: '192.168.1.50' },
    ]);
    expect(kea({ ...fields, client_id: 'FF:01' }).reservations).toMatchObject([{ clientId: 'ff:01' }]);
    expect(kea(fields).reservations).toEqual([]);
  });
});

describe('rows that anybody may have written', () => {
  it('never throw, and are Truename’s only where they bear its mark', () => {
    const text = fc.oneof(fc.string(), fc.constant('bc:24:11:00:00:01'), fc.ipV4(), fc.constant('1'));
    const fields = [
      'host',
      'domain',
      'ip',
      'hwaddr',
      'client_id',
      'descr',
      'ignore',
      'aliases',
      'hostname',
    ] as const;
    fc.assert(
      fc.property(fc.record(Object.fromEntries(fields.map((each) => [each, text]))), (given) => {
        const rows = [host(given), kea({ ...given, hw_address: given.hwaddr, ip_address: given.ip })];

        for (const row of rows) expect([row.own, row.marked]).toEqual([undefined, false]);
      }),
    );
  });
});
