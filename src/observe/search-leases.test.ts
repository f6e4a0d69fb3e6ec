import { describe, expect, it } from 'vitest';
import { type Address, parseSubnet, type Subnet } from '../domain/address.ts';
import { SourceError } from '../domain/error.ts';
import type { Lease, Lease6, LeaseTable } from '../domain/lease.ts';
import type { Mac } from '../domain/mac.ts';
import type { DhcpServer } from '../domain/ports.ts';
import type { Segment } from '../domain/segment.ts';
import { type LeaseQuery, readLeases, searchLeases } from './search-leases.ts';

const readAt = '2026-01-01T12:00:00.000Z';
const later = '2026-01-01T13:00:00.000Z';
const earlier = '2026-01-01T11:00:00.000Z';
const one = 'bc:24:11:00:00:01' as Mac;
const two = 'bc:24:11:00:00:02' as Mac;

const subnet = (cidr: string) => ({ subnet: parseSubnet(cidr) as Subnet });

const segments: Segment[] = [
  { name: 'mgmt', domain: 'mgmt.internal', dhcpServer: 'fw-mgmt', resolvers: [], ...subnet('10.2.10.0/24') },
  { name: 'srv', domain: 'srv.internal', dhcpServer: 'fw-srv', resolvers: [], ...subnet('10.2.20.0/24') },
];

function lease(address: string, mac: Mac, name?: string, expiresAt = later): Lease {
  return { address: address as Address, mac, expiresAt, ...(name === undefined ? {} : { name }) };
}

function server(id: string, leases: readonly Lease[] | Error, leases6: readonly Lease6[] = []): DhcpServer {
  return {
    id,
    async leases(): Promise<LeaseTable> {
      if (leases instanceof Error) throw leases;
      return { leases, leases6, readAt };
    },
    alive: async () => ({ alive: true, sign: 'test' }),
  };
}

async function search(servers: readonly DhcpServer[], query: Partial<LeaseQuery> = {}) {
  const read = await readLeases(servers, segments, () => readAt, new AbortController().signal);
  return searchLeases(read, { ended: false, ...query });
}

const addresses = (found: Awaited<ReturnType<typeof search>>) => found.map((each) => each.lease.address);

describe('the leases that are shown', () => {
  const table = server(
    'fw-mgmt',
    [
      lease('10.2.10.20', two, 'beta'),
      lease('10.2.10.5', one, 'alpha'),
      lease('10.2.10.9', one, 'alpha', earlier),
    ],
    [{ address: 'fd00::5', iaid: '1', name: 'alpha', duid: `00:03:00:01:${one}`, expiresAt: later }],
  );

  it('are the living ones by their addresses, and the ended ones where they are asked for', async () => {
    expect(addresses(await search([table]))).toEqual(['10.2.10.5', '10.2.10.20', 'fd00::5']);
    expect(addresses(await search([table], { ended: true }))).toContain('10.2.10.9');
  });

  it('are those of a MAC address, in IPv6 by the client’s DUID', async () => {
    expect(addresses(await search([table], { mac: one }))).toEqual(['10.2.10.5', 'fd00::5']);
  });

  it('are those of a name, whatever its case, alone or with the domain of a segment of that server', async () => {
    expect(addresses(await search([table], { name: 'BETA' }))).toEqual(['10.2.10.20']);
    expect(addresses(await search([table], { name: 'beta.mgmt.internal' }))).toEqual(['10.2.10.20']);
    expect(addresses(await search([table], { name: 'beta.srv.internal' }))).toEqual([]);
  });

  it('are those of an address', async () => {
    expect(addresses(await search([table], { address: 'fd00::5' }))).toEqual(['fd00::5']);
  });

  it('are those of the other servers where one cannot be read', async () => {
    const silent = server('fw-srv', new SourceError('timeout', 'fw-srv', 'no answer'));

    const read = await readLeases([silent, table], segments, () => readAt, new AbortController().signal);

    expect(read.map((each) => each.table.seen)).toEqual(['not-observable', 'value']);
    expect(searchLeases(read, { ended: false })).toHaveLength(3);
  });
});

describe('what is odd about a lease', () => {
  it('is that its MAC address holds one at another server too, though only one is shown', async () => {
    const servers = [
      server('fw-mgmt', [lease('10.2.10.5', one, 'alpha')]),
      server('fw-srv', [lease('10.2.20.5', one, 'alpha')]),
    ];

    const found = await search(servers, { address: '10.2.10.5' });

    expect(found).toMatchObject([{ server: 'fw-mgmt', segments: ['mgmt'], remarks: ['on-several-servers'] }]);
  });

  it('is that another MAC address holds its name in its domain', async () => {
    const twice = [lease('10.2.10.5', one, 'alpha'), lease('10.2.10.6', two, 'ALPHA')];

    expect((await search([server('fw-mgmt', twice)])).map((each) => each.remarks)).toEqual([
      ['name-held-twice'],
      ['name-held-twice'],
    ]);
  });

  it('is that its address lies in no segment of its server', async () => {
    expect(await search([server('fw-mgmt', [lease('10.9.9.9', one, 'alpha')])])).toMatchObject([
      { segments: [], remarks: ['outside-segments'] },
    ]);
  });

  it.each<[string, DhcpServer[]]>([
    [
      'one name in two domains',
      [
        server('fw-mgmt', [lease('10.2.10.5', one, 'alpha')]),
        server('fw-srv', [lease('10.2.20.5', two, 'alpha')]),
      ],
    ],
    [
      'a lease of before at another server',
      [
        server('fw-mgmt', [lease('10.2.10.5', one, 'alpha')]),
        server('fw-srv', [lease('10.2.20.5', one, 'alpha', earlier)]),
      ],
    ],
    ['several without a name', [server('fw-mgmt', [lease('10.2.10.5', one), lease('10.2.10.6', two)])]],
    ['a server without segments', [server('fw-lab', [lease('10.9.9.9', one, 'alpha')])]],
  ])('is not %s', async (_what, servers) => {
    expect((await search(servers)).flatMap((each) => each.remarks)).toEqual([]);
  });
});
