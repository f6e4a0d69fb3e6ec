import { describe, expect, it } from 'vitest';
import { testingFacade, testingKey } from './testing.ts';

const mac = 'bc:24:11:00:00:03';
const host = { host: 'web01', domain: 'lab.internal', ip: '192.168.1.50', hwaddr: mac, descr: 'managed' };
const uuid = '11111111-2222-4333-8444-555555555555';

describe('how a request is judged', () => {
  it('leads to the login page without an Authorization header', async () => {
    const { facade } = testingFacade();

    const answer = await facade.handle({ method: 'GET', target: '/api/dnsmasq/settings/get', headers: {} });

    expect(answer).toMatchObject({
      ...{ status: 302, body: '' },
      headers: { location: '/?url=/api/dnsmasq/settings/get' },
    });
  });

  it('knows no wrong key, and passes over the word of the scheme', async () => {
    const { facade, authorization } = testingFacade();
    const by = (header: string) =>
      facade.handle({
        method: 'GET',
        target: '/api/core/firmware/status',
        headers: { authorization: header },
      });

    expect(await by('Bearer abc')).toMatchObject({
      ...{ status: 401, body: '{"status":401,"message":"Authentication Failed"}' },
    });
    expect(await by(authorization.replace('Basic', 'Foo'))).toMatchObject({ status: 200 });
  });

  it('matches rights with the raw target: query strings and camel case have none', async () => {
    const key = { ...testingKey, privileges: ['page-system-login-logout'] };
    const [old, late] = [testingFacade('25.1.12', [key]), testingFacade('25.7', [key])];
    const statuses = async ({ ask }: typeof old) => [
      (await ask('GET', 'diagnostics/system/system_information')).status,
      (await ask('GET', 'diagnostics/system/systemInformation')).status,
      (await ask('GET', 'diagnostics/system/system_information?a=b')).status,
      (await ask('GET', 'dnsmasq/settings/get')).status,
    ];

    expect([await statuses(old), await statuses(late)]).toEqual([
      [403, 200, 403, 403],
      [200, 403, 403, 403],
    ]);
  });

  it('looks for the endpoint before the key, and has no others', async () => {
    const { facade, ask } = testingFacade();
    const unknown = await facade.handle({
      method: 'GET',
      target: '/api/dnsmasq/settings/nothing',
      headers: {},
    });

    expect([unknown.status, unknown.body]).toEqual([404, '{"errorMessage":"Endpoint not found"}']);
    expect((await ask('POST', 'dnsmasq/settings/del_host')).status).toBe(404);
    for (const spelled of ['searchHost', 'searchhost', 'search_host'])
      expect((await ask('GET', `dnsmasq//settings/${spelled}`)).status).toBe(200);
  });

  it('refuses an empty body of type JSON by any method, and passes over other types', async () => {
    const { facade, authorization, state } = testingFacade();
    const by = (method: string, type: string, body: string) =>
      facade.handle({
        ...{ method, target: '/api/dnsmasq/settings/add_host', body },
        headers: { authorization, 'content-type': type },
      });

    expect((await by('GET', 'application/json', '')).status).toBe(400);
    for (const [type, body] of [
      ['application/json; charset=latin1', JSON.stringify({ host })],
      ['application/json', '{not json'],
    ])
      expect(await by('POST', type ?? '', body ?? '')).toMatchObject({
        status: 200,
        body: '{"result":"failed"}',
      });
    expect(state.hosts).toEqual([]);
  });

  it('has ISC until 25.7.11, and then by its plugin', async () => {
    const status = async (release: '25.7.11' | '26.1') =>
      (await testingFacade(release).ask('GET', 'dhcpv4/service/status')).status;

    expect([await status('25.7.11'), await status('26.1')]).toEqual([200, 404]);
  });
});

describe('host entries', () => {
  it('are kept as they were sent but for what the model does not know', async () => {
    const { ask } = testingFacade();

    const added = await ask('POST', 'dnsmasq/settings/add_host', { host: { ...host, unheard: 'of' } });

    expect(added.body).toMatchObject({ result: 'saved' });
    const { body } = await ask('POST', 'dnsmasq/settings/search_host', {});
    expect(body).toMatchObject({ total: 1, rows: [{ ...host, ignore: '0', set_tag: '' }] });
    expect(JSON.stringify(body)).not.toContain('unheard');
  });

  it('are made by set where there is none, kept in part where there is, and taken away once', async () => {
    const { ask, state } = testingFacade();

    expect((await ask('POST', `dnsmasq/settings/set_host/${uuid}`, { host })).body).toEqual({
      result: 'saved',
    });
    await ask('POST', `dnsmasq/settings/set_host/${uuid}`, { host: { host: 'web02' } });
    expect(state.hosts).toMatchObject([{ ...host, uuid, host: 'web02' }]);
    expect((await ask('POST', 'dnsmasq/settings/set_host/none', { host })).body).toEqual({
      result: 'failed',
    });
    expect((await ask('GET', `dnsmasq/settings/del_host/${uuid}`)).body).toEqual({ result: 'failed' });
    const removed = [1, 2].map(() => ask('POST', `dnsmasq/settings/del_host/${uuid}`));
    expect((await Promise.all(removed)).map(({ body }) => body)).toEqual([
      { result: 'deleted' },
      { result: 'not found' },
    ]);
    expect((await ask('GET', `dnsmasq/settings/get_host/${uuid}`)).body).toEqual([]);
  });

  it.each([
    ['26.7.2', { ...host, host: 'a.b' }, 'host.host'],
    ['26.7.2', { ...host, ip: '10.0.0.1,10.0.0.2' }, 'host.ip'],
    ['26.7.2', { host: 'web01' }, 'host.ip'],
    ['26.7.2', { hwaddr: mac }, 'host.ip'],
    ['26.7.2', { ...host, lease_time: '12h' }, 'host.lease_time'],
    ['25.1.7', { host: 'web01', hwaddr: mac }, 'host.ip'],
  ] as const)('are refused with status 200: %s %j', async (release, sent, field) => {
    const { status, body } = await testingFacade(release).ask('POST', 'dnsmasq/settings/add_host', {
      host: sent,
    });

    expect([status, body]).toMatchObject([
      200,
      { result: 'failed', validations: { [field]: expect.any(String) } },
    ]);
  });

  it.each([
    ['26.7.2', { ...host, hwaddr: 'bc-24-11-00-00-03' }],
    ['26.7.2', { host: 'Web_01-', hwaddr: 'BC:24:11:00:00:03' }],
    ['25.1.8', { host: 'web01', hwaddr: mac }],
    ['25.7.5', { ...host, host: 'a.b' }],
  ] as const)('are taken: %s %j', async (release, sent) => {
    const { body } = await testingFacade(release).ask('POST', 'dnsmasq/settings/add_host', { host: sent });

    expect(body).toMatchObject({ result: 'saved' });
  });

  it('share MAC addresses, and no address of two reservations', async () => {
    const { ask } = testingFacade();
    const add = (fields: unknown) => ask('POST', 'dnsmasq/settings/add_host', { host: fields });
    await add(host);

    expect((await add({ ...host, ip: '' })).body).toMatchObject({ result: 'saved' });
    expect((await add({ host: 'other', ip: host.ip })).body).toMatchObject({ result: 'saved' });
    expect((await add({ ...host, host: 'third' })).body).toMatchObject({
      validations: { 'host.ip': `'${host.ip}' is already used in another DHCP host entry.` },
    });
    expect((await add({ ...host, ip: `${host.ip},10.0.0.9` })).body).toMatchObject({
      validations: { 'host.ip': [expect.any(String), expect.any(String)] },
    });
  });

  it('are casts of PHP: false is nothing, and a list is an error', async () => {
    const { ask, state } = testingFacade();

    await ask('POST', 'dnsmasq/settings/add_host', { host: { ...host, ignore: false, local: true } });

    expect(state.hosts).toMatchObject([{ ignore: '', local: '1' }]);
    expect(await ask('POST', 'dnsmasq/settings/add_host', { host: { ...host, hwaddr: [mac] } })).toEqual({
      ...{ status: 500, body: { errorMessage: 'Unexpected error, check log for details' } },
    });
  });

  it('are not written by a user that only reads', async () => {
    const { ask, state } = testingFacade('26.7.2', [{ ...testingKey, readOnly: true }]);

    const { status, body } = await ask('POST', 'dnsmasq/settings/add_host', { host });

    expect([status, body, state.hosts]).toMatchObject([500, { errorLevel: 'error' }, []]);
  });
});

describe('the service', () => {
  it('is told the lines of the product, and says ok though it did not start', async () => {
    const { ask, world } = testingFacade();
    await ask('POST', 'dnsmasq/settings/add_host', { host });
    await ask('POST', 'dnsmasq/settings/add_host', { host: { host: 'named', hwaddr: mac, lease_time: '0' } });
    await ask('POST', 'dnsmasq/settings/add_host', { host: { host: 'dashed', hwaddr: 'bc-24-11-00-00-04' } });
    world.starts = () => false;

    expect((await ask('GET', 'dnsmasq/service/reconfigure')).body).toEqual({ status: 'failed' });
    expect((await ask('POST', 'dnsmasq/service/reconfigure')).body).toEqual({ status: 'ok' });

    expect((await ask('GET', 'dnsmasq/service/status')).body).toMatchObject({ status: 'stopped' });
    expect(world.applied).toEqual([
      {
        directives: [`dhcp-host=${mac},192.168.1.50,web01`, `dhcp-host=${mac},named,infinite`],
        hosts: '192.168.1.50\tweb01.lab.internal web01\n',
      },
    ]);
  });

  it.each([
    ['25.1.6', 1],
    ['25.1.7', 0],
    ['25.1.8', 1],
  ] as const)('is given the addresses of reservations as hosts: %s', async (release, lines) => {
    const { ask, world } = testingFacade(release);
    await ask('POST', 'dnsmasq/settings/add_host', { host });
    await ask('POST', 'dnsmasq/service/reconfigure');

    expect(world.applied[0]?.hosts.match(/\n/g)?.length ?? 0).toBe(lines);
  });
});

describe('leases', () => {
  it.each([
    ['25.1.7', undefined],
    ['26.1', '0'],
    ['26.1.4', '1'],
    ['26.1.5', ['hwaddr']],
    ['26.7.2', ['hwaddr']],
  ] as const)('say whether their client is reserved in the way of %s', async (release, reserved) => {
    const { ask, world } = testingFacade(release);
    world.leases = `1790000000 ${mac} 192.168.1.120 * 01:${mac}\nduid 00:01\n`;
    await ask('POST', 'dnsmasq/settings/add_host', { host: { ...host, hwaddr: mac.toUpperCase() } });

    const { body } = await ask('POST', 'dnsmasq/leases/search', {});

    const row = { expire: 1790000000, hwaddr: mac, address: '192.168.1.120', hostname: '*' };
    expect(body).toMatchObject({ total: 1, interfaces: { lan: 'LAN' }, rows: [row] });
    expect((body as { rows: { is_reserved?: unknown }[] }).rows[0]?.is_reserved).toEqual(reserved);
  });

  it('are counted by the body alone', async () => {
    const { ask, world } = testingFacade();
    world.leases = [1, 2].map((each) => `0 ${mac} 10.0.0.${each} * *\n`).join('');

    const [query, body] = [
      await ask('GET', 'dnsmasq/leases/search?rowCount=1'),
      await ask('POST', 'dnsmasq/leases/search', { rowCount: 1 }),
    ];

    expect([query.body, body.body]).toMatchObject([
      { rowCount: 2, total: 2 },
      { rowCount: 1, total: 2 },
    ]);
  });
});

describe('faults', () => {
  it('are a page, a cut, half an answer, and a wait', async () => {
    const { facade, authorization } = testingFacade();
    const get = () =>
      facade.handle({ method: 'GET', target: '/api/dnsmasq/settings/get', headers: { authorization } });
    const key = 'GET dnsmasq/settings/get';
    let waited = 0;

    facade.faults.answers.set(key, 'html');
    expect((await get()).body).toMatch(/^<!doctype html>/);
    facade.faults.answers.set(key, 'down');
    expect((await get()).cut).toBe('at-once');
    facade.faults.answers.set(key, 'half');
    facade.faults.before.set(key, async () => {
      waited += 1;
    });
    expect([(await get()).cut, waited]).toEqual(['half-way', 1]);
  });
});
