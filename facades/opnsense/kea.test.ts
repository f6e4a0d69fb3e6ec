import { describe, expect, it } from 'vitest';
import type { Release } from './release.ts';
import { testingFacade, testingKeaFacade, testingKey, testingSubnet } from './testing.ts';

const mac = 'bc:24:11:00:00:03';
const subnet = testingSubnet.uuid;
const reservation = { subnet, ip_address: '10.2.20.50', hw_address: mac, hostname: 'web01' };
const uuid = '11111111-2222-4333-8444-555555555555';

/** A firewall, and what its answer to a new reservation is. */
function firewall(release?: Release) {
  const made = testingKeaFacade(release);
  const add = async (fields: unknown) =>
    (await made.ask('POST', 'kea/dhcpv4/add_reservation', { reservation: fields })).body;
  return { ...made, add };
}

describe('settings of Kea', () => {
  it('say that it is on, and of which subnets', async () => {
    const { ask } = firewall();

    expect((await ask('GET', 'kea/dhcpv4/get')).body).toMatchObject({
      dhcpv4: { general: { enabled: '1' } },
    });
    expect((await ask('POST', 'kea/dhcpv4/search_subnet', {})).body).toMatchObject({
      rows: [{ uuid: subnet, subnet: '10.2.20.0/24' }],
    });
    expect((await testingFacade().ask('GET', 'kea/dhcpv4/get')).body).toMatchObject({
      dhcpv4: { general: { enabled: '0' } },
    });
  });

  it('are for its own privilege', async () => {
    const key = (privilege: string) => ({ ...testingKey, privileges: [privilege] });
    const statuses = async (privilege: string) => {
      const { ask } = testingKeaFacade('26.7.2', [key(privilege)]);
      const paths = ['dhcpv4/get', 'leases4/search', 'service/status'].map((each) => `kea/${each}`);
      return Promise.all(
        [...paths, 'dnsmasq/settings/get'].map(async (each) => (await ask('GET', each)).status),
      );
    };

    expect(await statuses('page-dhcp-kea-v4')).toEqual([200, 200, 200, 403]);
    expect(await statuses('page-services-dnsforwarder')).toEqual([403, 403, 403, 200]);
  });
});

describe('reservations of Kea', () => {
  it.each([
    ['25.1.12', { subnet: '10.2.20.0/24' }],
    ['25.7', { subnet, '%subnet': '10.2.20.0/24' }],
  ] as const)('show their subnet in the way of %s', async (release, shown) => {
    const { ask, add } = firewall(release);
    expect(await add({ ...reservation, unheard: 'of' })).toMatchObject({ result: 'saved' });

    const { body } = await ask('POST', 'kea/dhcpv4/search_reservation', {});

    const { uuid: given, ...fields } = (body as { rows: Record<string, string>[] }).rows[0] ?? {};
    expect(fields).toEqual({ ...reservation, description: '', ...shown });
    expect((await ask('GET', `kea/dhcpv4/get_reservation/${given}`)).body).toMatchObject({
      reservation: { hw_address: mac, subnet: { [subnet]: { value: '10.2.20.0/24', selected: 1 } } },
    });
  });

  it('are made, kept in part, and taken away', async () => {
    const { ask, state } = firewall();
    const set = (fields: unknown) =>
      ask('POST', `kea/dhcpv4/set_reservation/${uuid}`, { reservation: fields });
    await set(reservation);
    await set({ hostname: 'web02' });

    expect(state.kea.reservations).toMatchObject([{ ...reservation, uuid, hostname: 'web02' }]);
    const removed = [1, 2].map(() => ask('POST', `kea/dhcpv4/del_reservation/${uuid}`));
    expect((await Promise.all(removed)).map(({ body }) => body)).toEqual([
      { result: 'deleted' },
      { result: 'not found' },
    ]);
    expect((await ask('GET', `kea/dhcpv4/get_reservation/${uuid}`)).body).toEqual([]);
  });

  it.each([
    ['26.7.2', { ip_address: '' }, ['ip_address']],
    ['26.7.2', { ip_address: '10.9.9.9' }, ['ip_address']],
    ['26.7.2', { subnet: '10.2.20.0/24' }, ['subnet', 'ip_address']],
    ['26.7.2', { hw_address: '' }, ['hw_address']],
    ['26.7.2', { client_id: '01:02' }, ['hw_address']],
    ['26.7.2', { hw_address: 'none' }, ['hw_address']],
    ['26.7.2', { hostname: 'a b' }, ['hostname']],
    ['26.1.7', { hw_address: '', client_id: '01:02' }, ['hw_address']],
  ] as const)('are refused with status 200: %s %j', async (release, fields, refused) => {
    const { add, state } = firewall(release);

    const body = (await add({ ...reservation, ...fields })) as { result: string; validations: object };

    expect(body.result).toBe('failed');
    expect(Object.keys(body.validations)).toEqual(refused.map((each) => `reservation.${each}`));
    expect(state.kea.reservations).toEqual([]);
  });

  it.each([
    ['26.7.2', { hostname: 'web_01.lab.internal' }],
    ['26.7.2', { hostname: '' }],
    ['26.7.2', { hw_address: 'BC-24-11-00-00-03' }],
    ['26.1.8', { hw_address: '', client_id: '01:02' }],
  ] as const)('are taken: %s %j', async (release, fields) => {
    expect(await firewall(release).add({ ...reservation, ...fields })).toMatchObject({ result: 'saved' });
  });

  it.each([
    ['25.7.7', { hw_address: mac.toUpperCase(), ip_address: '10.2.20.51' }, undefined],
    ['25.7.8', { hw_address: mac.toUpperCase(), ip_address: '10.2.20.51' }, 'reservation.hw_address'],
    ['25.7', { ip_address: '10.2.20.51' }, 'reservation.hw_address'],
    ['25.7', { hw_address: 'bc:24:11:00:00:04' }, 'reservation.ip_address'],
  ] as const)('share neither address nor client: %s %j', async (release, fields, refused) => {
    const { add } = firewall(release);
    await add(reservation);

    const { validations = {} } = (await add({ ...reservation, ...fields })) as { validations?: object };

    expect(Object.keys(validations)).toEqual(refused === undefined ? [] : [refused]);
  });
});

describe('the service of Kea', () => {
  it('is told what Kea reads, and says ok though it did not start', async () => {
    const { ask, add, kea } = firewall();
    await add({ ...reservation, hw_address: 'bc-24-11-00-00-03' });
    kea.starts = () => false;

    expect((await ask('GET', 'kea/service/reconfigure')).body).toEqual({ status: 'failed' });
    expect((await ask('POST', 'kea/service/reconfigure')).body).toEqual({ status: 'ok' });

    expect((await ask('GET', 'kea/service/status')).body).toMatchObject({ status: 'stopped' });
    expect(kea.applied).toMatchObject([
      [
        {
          ...{ subnet: '10.2.20.0/24', 'ip-address': '10.2.20.50' },
          ...{ hostname: 'web01', 'hw-address': mac },
        },
      ],
    ]);
  });

  it('dies of a MAC address with dashes up to 25.1.6', async () => {
    const { ask, add, kea } = firewall('25.1.6');
    await add({ ...reservation, hw_address: 'bc-24-11-00-00-03' });

    await ask('POST', 'kea/service/reconfigure');

    expect(kea.runs).toBe(false);
  });

  it('is disabled where it was never switched on', async () => {
    const { body } = await testingFacade().ask('GET', 'kea/service/status');

    expect(body).toMatchObject({ status: 'disabled' });
  });
});
