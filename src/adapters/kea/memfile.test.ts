import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SourceError } from '../../domain/error.ts';
import { memfileOrder, memfileReader } from './memfile.ts';

const header =
  'address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context';

function row(
  address: string,
  more: Partial<Record<'mac' | 'life' | 'name' | 'state' | 'context', string>> = {},
) {
  const { mac = 'aa:00:00:00:00:01', life = '3600', name = '', state = '0', context = '' } = more;
  return `${address},${mac},,${life},2000000000,1,0,0,${name},${state},${context}`;
}

function read(...files: string[]) {
  const reader = memfileReader('kea');
  for (const file of files) {
    reader.push(Buffer.from(file));
    reader.nextFile();
  }
  return reader.finish();
}

function file(...rows: string[]): string {
  return [header, ...rows, ''].join('\n');
}

interface Written {
  readonly address: string;
  readonly life: string;
  readonly name: string;
  readonly mac: string;
}

/** What stands at each address after all rows, by the words of the manual and none of the reader's code. */
function lastOf(rows: readonly Written[]): Map<string, { name: string; mac: string }> {
  const last = new Map<string, { name: string; mac: string }>();
  for (const { address, life, name, mac } of rows) {
    if (life === '0') last.delete(address);
    else last.set(address, { name, mac });
  }
  return last;
}

describe('memfileOrder', () => {
  const order = (...suffixes: string[]) =>
    memfileOrder('l.csv', (path) => suffixes.map((each) => `l.csv${each}`).includes(path));

  it.each([
    [
      ['', '.1', '.2'],
      ['l.csv.2', 'l.csv.1', 'l.csv'],
    ],
    [
      ['', '.1', '.2', '.output'],
      ['l.csv.2', 'l.csv.1', 'l.csv'],
    ],
    [
      ['', '.1', '.2', '.output', '.completed'],
      ['l.csv.completed', 'l.csv'],
    ],
    [
      ['', '.2'],
      ['l.csv.2', 'l.csv'],
    ],
    [['.1'], ['l.csv.1']],
    [[], []],
  ])('of %j is that in which Kea 2.2.0 loads them', (suffixes, expected) => {
    expect(order(...suffixes)).toEqual(expected);
  });
});

/** What Kea 2.2.0 answered to lease4-get-all after it had loaded the same rows. */
describe('the lease files of Kea', () => {
  it('are read one after the other, the last row of an address counting', () => {
    const { leases } = read(
      file(row('10.0.0.1', { name: 'in2' }), row('10.0.0.2', { name: 'only2' }), row('10.0.0.9')),
      file(row('10.0.0.1', { name: 'in1' })),
      file(row('10.0.0.1', { name: 'in0' }), row('10.0.0.9', { life: '0' })),
    );

    expect(leases.map(({ address, name }) => [address, name])).toEqual([
      ['10.0.0.1', 'in0'],
      ['10.0.0.2', 'only2'],
    ]);
  });

  it('keep commas of names as escapes, and quotes as they are', () => {
    const { leases, find } = read(
      file(row('10.0.0.4', { name: 'A&#x2cB&#x3B' }), row('10.0.0.12', { name: 'q"uo"te' })),
    );

    expect(leases.map(({ name }) => name)).toEqual(['A,B;', 'q"uo"te']);
    expect(find.byName('a,b;')).toEqual([leases[0]]);
  });

  it('hold declined addresses without holder, those that ended, and those without end', () => {
    const memfile = read(
      file(
        row('10.0.0.6', { mac: '', state: '1' }),
        row('10.0.0.7', { state: '2' }),
        row('10.0.0.11', { life: '4294967295' }),
        row('10.0.0.14', { mac: 'aa:0:0:0:0:e' }),
      ),
    );

    expect([...memfile.rows()].map(({ state }) => state)).toEqual([
      'declined',
      'expired-reclaimed',
      'default',
      'default',
    ]);
    expect(memfile.leases).toEqual([
      { address: '10.0.0.7', mac: 'aa:00:00:00:00:01', expiresAt: '2033-05-18T03:33:20.000Z' },
      { address: '10.0.0.11', mac: 'aa:00:00:00:00:01' },
    ]);
  });

  it.each([
    ['a lifetime that is none', row('10.0.0.5', { life: 'x' })],
    ['a MAC address with hyphens', row('10.0.0.5', { mac: 'AA-00-00-00-00-0A' })],
    ['nobody who holds it', row('10.0.0.5', { mac: '' })],
    ['too few columns', '10.0.0.5,aa:00:00:00:00:0d,,3600,200000'],
    ['too many columns', `${row('10.0.0.5')},x`],
  ])('lose nothing by a row with %s', (_what, bad) => {
    const memfile = read(file(row('10.0.0.5', { name: 'kept' }), bad));

    expect(memfile.leases).toMatchObject([{ name: 'kept' }]);
    expect(memfile.unreadable).toBe(1);
  });

  it('may be of several versions', () => {
    const old = header.replace(',state,user_context', '');
    const { leases } = read(
      `${old}\n10.0.0.1,aa:00:00:00:00:01,,60,2000000000,1,0,0,old\n`,
      file(row('10.0.0.2', { name: 'new' })),
    );

    expect(leases.map(({ name }) => name)).toEqual(['old', 'new']);
  });

  it.each(['address,hwaddr\n', 'nonsense\n', `${row('10.0.0.1')}\n`])(
    'are refused without names: %s',
    (text) => {
      expect(() => read(text)).toThrow(SourceError);
    },
  );

  it('lose no whole row and invent none, wherever they are cut', () => {
    const names = fc.string({ unit: fc.constantFrom('a', 'B', '-', '.', '"', 'ü', ' '), maxLength: 255 });
    const rows = fc.array(
      fc.record({
        address: fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.3', '10.255.255.255', '0.0.0.0'),
        name: names,
        mac: fc.constantFrom('aa:00:00:00:00:01', 'ff:ff:ff:ff:ff:ff', '00:00:00:00:00:00'),
        life: fc.constantFrom('0', '3600'),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(rows, fc.nat(), fc.integer({ min: 1, max: 50 }), (written, where, size) => {
        const text = Buffer.from(file(...written.map(({ address, ...more }) => row(address, more))));
        const whole = text.subarray(0, where % (text.length + 1));
        const reader = memfileReader('kea');
        for (let at = 0; at < whole.length; at += size)
          reader.push(whole.subarray(at, Math.min(at + size, whole.length)));

        const memfile = reader.finish();

        const count = Math.max(0, whole.filter((byte) => byte === 10).length - 1);
        const last = lastOf(written.slice(0, count));
        expect(memfile.size).toBe(last.size);
        expect(
          new Map(
            memfile.leases.map((each) => [
              each.address as string,
              { name: each.name ?? '', mac: each.mac as string },
            ]),
          ),
        ).toEqual(last);
        for (const lease of memfile.leases) {
          expect(memfile.find.byAddress(lease.address)).toEqual([lease]);
          expect(memfile.find.byMac(lease.mac)).toContainEqual(lease);
          if (lease.name !== undefined) expect(memfile.find.byName(lease.name)).toContainEqual(lease);
        }
      }),
    );
  });

  it('throw nothing but the typed error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, named) => {
        const reader = memfileReader('kea');
        if (named) reader.push(Buffer.from(`${header}\n`));
        try {
          reader.push(Buffer.from(bytes));
          const { leases } = reader.finish();
          expect(leases.length).toBeLessThanOrEqual(bytes.length / 40);
        } catch (error) {
          expect(error).toBeInstanceOf(SourceError);
        }
      }),
    );
  });
});
