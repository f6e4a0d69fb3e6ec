import { describe, expect, it } from 'vitest';
import { fakeClock } from '../../../test/support/fake-clock.ts';
import {
  grid,
  response,
  type ScriptedAnswers,
  scriptedOpnsense,
} from '../../../test/support/scripted-opnsense.ts';
import { type Address, parseSubnet } from '../../domain/address.ts';
import type { Mac } from '../../domain/mac.ts';
import type { Fqdn, Hostname } from '../../domain/name.ts';
import { type OpnsenseOptions, opnsenseServer } from './server.ts';

const { signal } = new AbortController();

function server(answers: ScriptedAnswers, options: Partial<OpnsenseOptions> = {}) {
  const scripted = scriptedOpnsense(answers);
  let connects = 0;
  const made = opnsenseServer({
    id: 'fw',
    source: 'OPNsense fw',
    connect: async () => {
      connects += 1;
      return scripted.api;
    },
    backend: 'dnsmasq',
    segments: [],
    addresses: [],
    clock: fakeClock(),
    ...options,
  });
  return { ...made, ...scripted, connects: () => connects };
}

const running =
  (status = 'running'): ScriptedAnswers =>
  (key) =>
    key.endsWith('/service/status') ? { body: { status } } : undefined;

describe('leases of an OPNsense', () => {
  it('are read whole, and by the firewall’s own clock', async () => {
    const { leases, requests } = server(() => ({
      ...response(200, grid([]).body),
      date: '2026-11-27T04:00:00.000Z',
    }));

    expect(await leases(signal)).toMatchObject({ leases: [], readAt: '2026-11-27T04:00:00.000Z' });
    expect(requests[0]?.json).toMatchObject({ rowCount: -1 });
  });

  it('are not believed where fewer rows came than there are', async () => {
    const { leases } = server(() => ({ body: { rows: [], total: 4 } }));

    await expect(leases(signal)).rejects.toMatchObject({ code: 'bad-response' });
  });

  it('of a Kea that does not run are unknown, not none', async () => {
    const stopped = server(
      (key) => (key.endsWith('leases4/search') ? grid([]) : running('stopped')(key, {} as never)),
      { backend: 'kea' },
    );
    const empty = server((key) => (key.endsWith('leases4/search') ? grid([]) : running()(key, {} as never)), {
      backend: 'kea',
    });

    await expect(stopped.leases(signal)).rejects.toMatchObject({ code: 'unreachable' });
    await expect(empty.leases(signal)).resolves.toMatchObject({ leases: [] });
  });

  it('of a Kea that was started just now are looked at again, for it knows none yet', async () => {
    const row = { address: '10.2.10.120', hwaddr: 'bc:24:11:00:00:01', hostname: 'web', state: 0 };
    let looks = 0;
    const { leases } = server(
      (key) => {
        if (!key.endsWith('leases4/search')) return running()(key, {} as never);
        looks += 1;
        return grid(looks === 1 ? [] : [{ ...row, valid_lifetime: 4000, expire: 1_999_999_999 }]);
      },
      { backend: 'kea' },
    );

    await expect(leases(signal)).resolves.toMatchObject({ leases: [{ name: 'web' }] });
  });

  it('of ISC are not read: their ends are in a time without a zone', async () => {
    const { leases } = server(
      (key) => {
        if (key === 'GET /dnsmasq/settings/get') return { body: { dnsmasq: { enable: '0' } } };
        return key === 'GET /dhcpv4/service/status' ? { body: { status: 'running' } } : undefined;
      },
      { backend: 'auto' },
    );

    await expect(leases(signal)).rejects.toMatchObject({ code: 'unsupported' });
  });
});

describe('connecting to an OPNsense', () => {
  it('is done once, and again only where it failed', async () => {
    let refuse = true;
    const { alive, connects } = server((key) => {
      if (!refuse) return running()(key, {} as never);
      refuse = false;
      return response(503, '');
    });

    await expect(alive(signal)).rejects.toMatchObject({ code: 'unreachable' });
    await Promise.all([alive(signal), alive(signal)]);

    expect(connects()).toBe(1);
  });
});

describe('whether an OPNsense is alive', () => {
  it.each([
    ['running', true],
    ['stopped', false],
    ['disabled', false],
    ['unknown', false],
  ])('is told by its service: %s', async (status, alive) => {
    for (const backend of ['dnsmasq', 'kea'] as const)
      expect(await server(running(status), { backend }).alive(signal)).toMatchObject({ alive });
  });

  it('needs an answer over DNS too, where it can be asked', async () => {
    const seen = [true, false].map((answers) =>
      server(running(), { answers: async () => answers }).alive(signal),
    );

    expect((await Promise.all(seen)).map(({ alive }) => alive)).toEqual([true, false]);
  });
});

describe('fixed answers of its DNS', () => {
  const uuid = '29b57d5d-0000-4000-8000-000000000001';
  const about = { fqdn: 'web.lab.internal' as Fqdn, address: '10.2.10.7' as Address };

  it('are those for the name, alone or whole, and for the address', async () => {
    const { hostEntries } = server(() =>
      grid([
        { uuid, host: 'web', domain: 'lab.internal', ip: '10.2.10.5' },
        { uuid, host: 'other', domain: 'lab.internal', ip: '10.2.10.7' },
        { uuid, host: 'beside', domain: 'lab.internal', ip: '10.2.10.8' },
      ]),
    );

    expect((await hostEntries?.(about, signal))?.map(({ names }) => names[0])).toEqual([
      'web.lab.internal',
      'other.lab.internal',
    ]);
  });

  it('are none of Kea, which has no DNS', async () => {
    expect(await server(() => undefined, { backend: 'kea' }).hostEntries?.(about, signal)).toEqual([]);
  });
});

describe('the domain of a reservation at Dnsmasq', () => {
  const segments = ['10', '20'].flatMap((each) => {
    const subnet = parseSubnet(`10.2.${each}.0/24`);
    return subnet === undefined ? [] : [{ domain: `net${each}.internal`, subnet }];
  });
  const mac = 'bc:24:11:00:00:01' as Mac;
  const lease = { expire: 0, hwaddr: mac, address: '10.2.20.100', hostname: '*' };

  it.each([
    ['its address', '10.2.20.5', 'net20.internal'],
    ['the lease that it holds', undefined, 'net20.internal'],
  ])('is that of the segment of %s', async (_what, address, domain) => {
    const added: unknown[] = [];
    const { reserving } = server(
      (key, { json }) => {
        if (key.endsWith('leases/search')) return grid([lease]);
        if (key.endsWith('add_host')) added.push((json as { host: unknown }).host);
        if (key.endsWith('search_host')) return grid([]);
        if (key.endsWith('settings/get')) return { body: { dnsmasq: { enable: '1' } } };
        return key.endsWith('add_host') ? { body: { result: 'failed' } } : undefined;
      },
      { segments },
    );
    const standing = await reserving?.standing(signal);
    if (standing === undefined) throw new Error('no writer');
    const becomes = {
      mac,
      name: 'a' as Hostname,
      ...(address === undefined ? {} : { address: address as Address }),
    };

    await reserving?.write([{ mac, was: null, becomes }], standing, signal).catch(() => undefined);

    expect(added).toMatchObject([{ domain }]);
  });
});
