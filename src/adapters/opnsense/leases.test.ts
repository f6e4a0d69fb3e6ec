import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dnsmasqTable, keaTable } from './leases.ts';
import { dnsmasqLeaseSchema, keaLeaseSchema } from './schema.ts';

const at = '2026-11-27T04:00:00.000Z';
const dnsmasq = (...rows: readonly object[]) =>
  dnsmasqTable(
    rows.map((row) => dnsmasqLeaseSchema.parse(row)),
    at,
  );
const kea = (...rows: readonly object[]) =>
  keaTable(
    rows.map((row) => keaLeaseSchema.parse(row)),
    at,
  );

/** A row as 26.7 writes it. */
const row = {
  ...{
    expire: 1_790_000_000,
    hwaddr: 'bc:24:11:00:00:01',
    iaid: '',
    address: '192.168.1.120',
    hostname: 'vm101',
  },
  ...{
    client_id: 'FF:11:22:33:44:00:01',
    if: 'vtnet0',
    if_descr: 'LAN',
    if_name: 'lan',
    mac_info: 'x',
    is_reserved: [],
  },
};

describe('leases of Dnsmasq', () => {
  it('are read with name, client id and end', () => {
    expect(dnsmasq(row).leases).toEqual([
      {
        address: '192.168.1.120',
        mac: 'bc:24:11:00:00:01',
        name: 'vm101',
        clientId: 'ff:11:22:33:44:00:01',
        expiresAt: '2026-09-21T14:13:20.000Z',
      },
    ]);
  });

  it('have no name and no client id where there is an asterisk, and no end at 0', () => {
    const { leases } = dnsmasq({ ...row, hostname: '*', client_id: '*', expire: 0 });

    expect(leases).toEqual([{ address: '192.168.1.120', mac: 'bc:24:11:00:00:01' }]);
  });

  it('are the same in all versions: is_reserved missing, a digit or a list; an interface missing', () => {
    const { if: _, is_reserved: __, ...old } = row;
    const whole = dnsmasq(row).leases;

    expect(dnsmasq(old).leases).toEqual(whole);
    expect(dnsmasq({ ...row, is_reserved: '1' }).leases).toEqual(whole);
    expect(dnsmasq({ ...row, expire: '1790000000' }).leases).toEqual(whole);
  });

  it('of IPv6 stand apart, though they show a MAC address', () => {
    const table = dnsmasq({ ...row, address: 'fd00::7', iaid: 'T17', client_id: '00:01:AA' });

    expect(table.leases).toEqual([]);
    expect(table.leases6).toMatchObject([
      { address: 'fd00::7', iaid: 'T17', duid: '00:01:aa', name: 'vm101' },
    ]);
  });

  it.each([
    ['06-bc:24:11:00:00:01', 1],
    ['20-80:00:00:48:fe:80:00:00:00:00:00:00', 0],
    ['', 0],
  ])('with the hardware address %j give %i', (hwaddr, count) => {
    expect(dnsmasq({ ...row, hwaddr }).leases).toHaveLength(count);
  });
});

describe('leases of Kea', () => {
  const live = {
    ...row,
    prefix_len: 128,
    valid_lifetime: 4000,
    state: 0,
    if: null,
    hostname: 'vm101.lab.internal.',
  };

  it('are read from the living server and from its file alike', () => {
    const csv = { ...live, expire: '1790000000', state: '0', subnet_id: '1', fqdn_fwd: '0' };

    expect(kea(live).leases).toMatchObject([{ address: '192.168.1.120', name: 'vm101.lab.internal' }]);
    expect(kea(csv).leases).toEqual(kea(live).leases);
  });

  it('count once: the last row of an address, and none that was declined or given back', () => {
    const { leases } = kea(
      { ...live, hostname: 'old' },
      { ...live, hostname: 'new' },
      { ...live, address: '192.168.1.121', state: 1 },
    );

    expect(leases.map(({ name }) => name)).toEqual(['new']);
  });

  it('are of whoever spoke last, in whatever order and for however long', () => {
    const first = { ...live, valid_lifetime: '4000', expire: '1790000020', hostname: 'first' };
    const between = {
      ...first,
      ...{ hwaddr: 'bc:24:11:00:00:02', hostname: 'between', valid_lifetime: '9000', expire: '1790005000' },
    };

    expect([kea(first, between), kea(between, first)].map(({ leases }) => leases[0]?.name)).toEqual([
      'first',
      'first',
    ]);
  });
});

describe('rows that anybody may have written', () => {
  const hostile = fc.record({
    expire: fc.oneof(fc.integer(), fc.string(), fc.double()),
    hwaddr: fc.oneof(fc.string(), fc.constant('bc:24:11:00:00:01')),
    address: fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.integer()),
    hostname: fc.oneof(fc.string(), fc.constant('*'), fc.constant(null)),
    client_id: fc.string(),
    state: fc.oneof(fc.integer(), fc.string()),
  });

  it('are refused by the schema, or make leases of addresses and MAC addresses and nothing else', () => {
    fc.assert(
      fc.property(hostile, (given) => {
        for (const [schema, table] of [
          [dnsmasqLeaseSchema, dnsmasqTable],
          [keaLeaseSchema, keaTable],
        ] as const) {
          const parsed = schema.safeParse(given);
          if (!parsed.success) continue;
          // Both tables take what their own schema gives.
          const { leases } = table([parsed.data as never], at);
          expect(leases.length).toBeLessThanOrEqual(1);
          for (const { mac, address } of leases) {
            expect([mac, address]).toEqual(['bc:24:11:00:00:01', String(given.address)]);
          }
        }
      }),
    );
  });
});
