import { describe, expect, it } from 'vitest';
import type { Release } from './release.ts';
import { testingKeaFacade, testingSubnet } from './testing.ts';

const mac = 'bc:24:11:00:00:03';
const lease = {
  ...{ 'ip-address': '10.2.20.120', 'hw-address': mac, 'client-id': `01:${mac}` },
  ...{ cltt: 1_790_000_000, 'valid-lft': 4000, hostname: 'vm101', state: 0 },
};

/** A firewall with these leases, and its rows of them. */
function firewall(release?: Release, history = [lease]) {
  const made = testingKeaFacade(release);
  made.kea.history = history;
  const search = async () => {
    const { status, body } = await made.ask('POST', 'kea/leases4/search', {});
    return { status, ...(body as { rows: Record<string, unknown>[]; stats?: unknown; interfaces: unknown }) };
  };
  return { ...made, search };
}

describe('leases of Kea', () => {
  it('are texts of its file before 26.1.6, and numbers of its socket since', async () => {
    const [old, late] = [await firewall('26.1.5').search(), await firewall('26.1.6').search()];

    const both = { address: '10.2.20.120', hwaddr: mac, client_id: `01:${mac}`, hostname: 'vm101' };
    expect(old.rows).toMatchObject([
      { ...both, expire: '1790004000', valid_lifetime: '4000', state: '0', subnet_id: '1' },
    ]);
    expect(late.rows).toMatchObject([
      { ...both, expire: 1_790_004_000, valid_lifetime: 4000, state: 0, prefix_len: 128 },
    ]);
    expect([old.interfaces, late.interfaces]).toEqual([{ lan: 'LAN' }, { lan: 'LAN' }]);
  });

  it('of the file are one of each address and MAC address, also those that are gone', async () => {
    const other = { ...lease, 'hw-address': 'bc:24:11:00:00:04', hostname: 'other' };
    const history = [lease, other, { ...lease, hostname: 'again' }];

    const names = async (release: Release) =>
      (await firewall(release, history).search()).rows.map(({ hostname }) => hostname);

    expect([await names('25.7'), await names('26.7')]).toEqual([['again', 'other'], ['again']]);
  });

  it('are none where it does not run, unless the file is read', async () => {
    const counted = async (release: Release) => {
      const { kea, search } = firewall(release);
      kea.runs = false;
      const { status, rows, interfaces } = await search();
      return [status, rows.length, interfaces];
    };

    expect(await counted('26.1.5')).toEqual([200, 1, { lan: 'LAN' }]);
    expect(await counted('26.1.6')).toEqual([200, 0, []]);
  });

  it('are counted by their state since 26.1.11', async () => {
    const history = [lease, { ...lease, 'ip-address': '10.2.20.121', state: 1 }];
    const stats = async (release: Release) => (await firewall(release, history).search()).stats;

    expect(await stats('26.1.10')).toBeUndefined();
    expect(await stats('26.1.11')).toEqual({ active: 1, inactive: 1, total: 2 });
  });

  it.each([
    ['25.7.8', undefined],
    ['25.7.9', '1'],
    ['26.1.5', '1'],
    ['26.1.6', ['hwaddr']],
  ] as const)('say whether their client is reserved in the way of %s', async (release, reserved) => {
    const { ask, search } = firewall(release);
    const fields = { subnet: testingSubnet.uuid, ip_address: '10.2.20.50', hw_address: mac.toUpperCase() };
    await ask('POST', 'kea/dhcpv4/add_reservation', { reservation: fields });

    expect((await search()).rows[0]?.is_reserved).toEqual(reserved);
  });
});

describe('deleting a lease of Kea', () => {
  it('is there since 26.1.6', async () => {
    const status = async (release: Release) =>
      (await firewall(release).ask('POST', 'kea/leases4/del_lease/10.2.20.120')).status;

    expect([await status('26.1.5'), await status('26.1.6')]).toEqual([404, 200]);
  });

  it('takes the lease away by POST alone, and fails where there is none', async () => {
    const { ask, search } = firewall();
    const path = 'kea/leases4/del_lease/10.2.20.120';

    expect(await ask('GET', path)).toMatchObject({ status: 200, body: { status: 'error' } });
    expect((await search()).rows).toHaveLength(1);
    expect(await ask('POST', path)).toEqual({ status: 200, body: { status: 'ok' } });
    expect((await search()).rows).toEqual([]);
    expect(await ask('POST', path)).toMatchObject({
      status: 500,
      body: { errorMessage: expect.any(String) },
    });
  });

  it('fails where Kea does not run', async () => {
    const { ask, kea } = firewall();
    kea.runs = false;

    expect((await ask('POST', 'kea/leases4/del_lease/10.2.20.120')).status).toBe(500);
  });
});
