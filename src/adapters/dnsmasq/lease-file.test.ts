import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leaseFileReader, parseLeaseFile } from './lease-file.ts';

const line = '1767272400 bc:24:11:00:00:01 10.2.10.5 alpha 01:bc:24:11:00:00:01';

const leases = fc.record({
  expiry: fc.integer({ min: 0, max: 4_294_967_295 }),
  mac: fc
    .uint8Array({ minLength: 6, maxLength: 6 })
    .map((bytes) => Buffer.from(bytes).toString('hex').match(/../g)?.join(':') ?? ''),
  address: fc.ipV4(),
  name: fc.option(fc.stringMatching(/^[a-z0-9._-]{1,63}$/), { nil: undefined }),
  clientId: fc.option(fc.stringMatching(/^01(?::[0-9a-f]{2}){1,20}$/), { nil: undefined }),
});

describe('parseLeaseFile', () => {
  it('reads a lease', () => {
    expect(parseLeaseFile(`${line}\n`)).toMatchObject({
      leases: [
        {
          address: '10.2.10.5',
          mac: 'bc:24:11:00:00:01',
          name: 'alpha',
          clientId: '01:bc:24:11:00:00:01',
          expiresAt: '2026-01-01T13:00:00.000Z',
        },
      ],
      leases6: [],
      unreadable: 0,
    });
  });

  it('reads the IPv6 leases after the server’s own identifier', () => {
    const duid = '00:03:00:01:bc:24:11:00:00:01';
    const text = `${line}\nduid 00:01:00:01:2c:aa:bb:cc:bc:24:11:00:00:ff\n1767272400 286326785 fd00::5 alpha ${duid}\n0 T7 fd00::6 * *\n`;

    const { leases, leases6, unreadable } = parseLeaseFile(text);

    expect([leases.length, unreadable]).toEqual([1, 0]);
    expect(leases6).toEqual([
      { address: 'fd00::5', iaid: '286326785', name: 'alpha', duid, expiresAt: '2026-01-01T13:00:00.000Z' },
      { address: 'fd00::6', iaid: 'T7' },
    ]);
  });

  it.each([
    'x 1 fd00::5 alpha 00:01',
    '5 x fd00::5 alpha 00:01',
    '5 1 10.2.10.5 alpha 00:01',
    '5 1 fd00::5 alpha',
  ])('counts the IPv6 line %s', (broken) => {
    expect(parseLeaseFile(`duid 00:01\n${broken}\n`)).toMatchObject({
      leases: [],
      leases6: [],
      unreadable: 1,
    });
  });

  it('knows no name, no client id and no end as such', () => {
    expect(parseLeaseFile('0 bc:24:11:00:00:01 10.2.10.5 * *\n').leases).toEqual([
      { address: '10.2.10.5', mac: 'bc:24:11:00:00:01' },
    ]);
  });

  it('reads what the server writes, whatever is leased', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(leases, { maxLength: 20, selector: ({ address }) => address }),
        (written) => {
          const text = written.map(
            (each) =>
              `${each.expiry} ${each.mac} ${each.address} ${each.name ?? '*'} ${each.clientId ?? '*'}\n`,
          );

          const read = parseLeaseFile(`${text.join('')}duid 00:01\n1 2 ::1 x y\n`);

          expect(read).toMatchObject({
            unreadable: 0,
            leases6: [
              { address: '::1', iaid: '2', name: 'x', duid: 'y', expiresAt: '1970-01-01T00:00:01.000Z' },
            ],
            leases: written.map(({ expiry, mac, address, name, clientId }) => ({
              mac,
              address,
              ...(name === undefined ? {} : { name }),
              ...(clientId === undefined ? {} : { clientId }),
              ...(expiry === 0 ? {} : { expiresAt: new Date(expiry * 1000).toISOString() }),
            })),
          });
        },
      ),
    );
  });

  it('counts what it cannot read, and never throws', () => {
    const pieces = fc.constantFrom(line, '\n', 'duid 00:01\n', ' ', '*', '5 1 fd00::5 a 00:01\n');
    const bytes = fc.uint8Array({ maxLength: 40 }).map((each) => Buffer.from(each));
    const texts = fc.array(
      fc.oneof(
        bytes,
        pieces.map((each) => Buffer.from(each)),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(texts, (given) => {
        const text = Buffer.concat(given);
        const reader = leaseFileReader();
        reader.push(text);

        const { leases: read, leases6, unreadable } = reader.finish();

        const lines = text.toString('latin1').split('\n').length;
        expect(read.length + leases6.length + unreadable).toBeLessThanOrEqual(lines);
      }),
    );
  });

  it.each([1, 12, 25, 30, 40])('takes a line that was cut at %i for unreadable', (length) => {
    expect(parseLeaseFile(`${line}\n${line.slice(0, length)}`)).toMatchObject({
      unreadable: 1,
      leases: [{ name: 'alpha' }],
    });
  });

  it.each([
    ['an end beyond all time', line.replace('1767272400', '999999999999')],
    ['an address that is none', line.replace('10.2.10.5', '10.2.10.500')],
    ['an InfiniBand address', line.replace('bc:24', '20-80:00:02:08:fe:80:bc:24')],
  ])('counts %s', (_what, text) => {
    expect(parseLeaseFile(`${text}\n`)).toMatchObject({ leases: [], leases6: [], unreadable: 1 });
  });

  it('reads a MAC address with its hardware type before it', () => {
    expect(parseLeaseFile(`${line.replace('bc:24', '06-bc:24')}\n`).leases[0]?.mac).toBe('bc:24:11:00:00:01');
  });

  it('takes a last line without line end for unreadable, as whole as it looks', () => {
    expect(parseLeaseFile(`${line}\n${line.replace('.5 ', '.6 ').slice(0, -3)}`)).toMatchObject({
      leases: [{ address: '10.2.10.5' }],
      unreadable: 1,
    });
  });

  it('keeps names of 255 bytes, bytes that are no UTF-8, and quotes', () => {
    const names = ['x'.repeat(255), '"quoted"', '\\303\\244'];
    const reader = leaseFileReader();
    for (const [index, name] of names.entries()) {
      reader.push(Buffer.from(`9 bc:24:11:00:00:0${index} 10.0.0.${index} ${name} *\n`));
    }
    reader.push(Buffer.from('9 bc:24:11:00:00:09 10.0.0.9 f\u00fc *\n', 'latin1'));

    const { leases: read, unreadable } = reader.finish();

    expect([read.map(({ name }) => name), unreadable]).toEqual([[...names, 'f\ufffd'], 0]);
  });

  it('reads the same wherever the text is cut into pieces, the last line of an address counting', () => {
    const few = fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.1.1');
    const rows = fc.array(fc.tuple(leases, few), { maxLength: 30 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 40 }), (written, size) => {
        const text = Buffer.from(
          written.map(([each, ip]) => `${each.expiry} ${each.mac} ${ip} ${each.name ?? '*'} *\n`).join(''),
        );
        const reader = leaseFileReader();
        for (let at = 0; at < text.length; at += size) reader.push(text.subarray(at, at + size));

        const file = reader.finish();

        const last = new Map(written.map(([each, ip]) => [ip, each]));
        expect(file.unreadable).toBe(0);
        expect(new Map(file.leases.map(({ address, mac, name }) => [address, [mac, name]]))).toEqual(
          new Map([...last].map(([ip, { mac, name }]) => [ip, [mac, name]])),
        );
        for (const lease of file.leases) {
          expect(file.find.byAddress(lease.address)).toEqual([lease]);
          expect(file.find.byMac(lease.mac)).toEqual(file.leases.filter(({ mac }) => mac === lease.mac));
          if (lease.name !== undefined)
            expect(file.find.byName(lease.name.toUpperCase())).toContainEqual(lease);
        }
        expect(file.find.byMac('02:00:00:00:00:00').length).toBe(
          file.leases.filter(({ mac }) => mac === '02:00:00:00:00:00').length,
        );
      }),
    );
  });
});
