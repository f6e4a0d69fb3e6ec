import { describe, expect, it } from 'vitest';
import { createFacade } from './facade.ts';
import type { IscState, OpnsenseState } from './state.ts';
import { testingFacade } from './testing.ts';

const times = { starts: '2026/11/22 10:00:00', ends: '2036/11/22 22:00:00' };

function firewall() {
  const made = testingFacade('26.7.2');
  const isc: IscState = {
    mappings: [{ address: '10.2.20.50', mac: 'bc:24:11:00:00:03', hostname: 'web01', descr: 'by hand' }],
    leases: [
      { ...times, address: '10.2.20.120', mac: 'bc:24:11:00:00:01', hostname: '', state: 'active' },
      { ...times, address: '10.2.20.121', mac: 'bc:24:11:00:00:02', hostname: 'gone', state: 'expired' },
    ],
  };
  const state: OpnsenseState = { ...made.state, iscPlugin: true, isc };
  const facade = createFacade({ state, world: made.world });
  const ask = async (method: string, path: string, value?: unknown) => {
    const type = value === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await facade.handle({
      ...{ method, target: `/api/dhcpv4/${path}` },
      headers: { authorization: made.authorization, ...type },
      ...(value === undefined ? {} : { body: JSON.stringify(value) }),
    });
    return { status: answer.status, body: JSON.parse(answer.body) };
  };
  return { ask };
}

describe('ISC DHCP', () => {
  it('lists static mappings beside the leases that hold, with times in no zone', async () => {
    const { body } = await firewall().ask('POST', 'leases/search_lease', {});

    expect(body.rows).toMatchObject([
      { type: 'static', address: '10.2.20.50', mac: 'bc:24:11:00:00:03', ends: '', descr: 'by hand' },
      { type: 'dynamic', address: '10.2.20.120', hostname: '', if: 'lan', ends: times.ends },
    ]);
    expect(body.interfaces).toEqual({ lan: 'LAN' });
  });

  it('lists expired leases where they are asked for', async () => {
    const { body } = await firewall().ask('POST', 'leases/searchLease', { inactive: '1' });

    expect(body.rows).toHaveLength(3);
  });

  it('runs, and deletes a lease that there is', async () => {
    const { ask } = firewall();
    const deleted = [1, 2].map(async () => (await ask('POST', 'leases/del_lease/10.2.20.120')).body.result);

    expect((await ask('GET', 'service/status')).body).toMatchObject({ status: 'running' });
    expect(await Promise.all(deleted)).toEqual(['deleted', 'failed']);
  });

  it('has no action that writes a mapping', async () => {
    expect((await firewall().ask('POST', 'settings/add_host', {})).status).toBe(404);
  });
});
