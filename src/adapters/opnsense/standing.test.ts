import { describe, expect, it } from 'vitest';
import { adding, opnsense, own, subnetUuid, theirs } from '../../../test/support/opnsense-in-memory.ts';
import { mark } from './table.ts';

const { signal } = new AbortController();

describe('what stands at an OPNsense', () => {
  it('is Truename’s where a row is marked and exactly as it writes it; the rest is of others', async () => {
    const marked = { descr: mark, host: 'alpha', domain: 'mgmt.internal' };
    const { writer } = opnsense('dnsmasq', [
      theirs,
      { ...marked, hwaddr: 'bc:24:11:00:00:01' },
      { ...marked, hwaddr: 'bc:24:11:00:00:02', ip: '10.2.10.52' },
      ...[
        { cnames: 'a.b' },
        { aliases: 'a.b' },
        { client_id: '01:02' },
        { lease_time: '60' },
        { ignore: '1' },
        { local: '1' },
      ].map((more) => ({ ...marked, hwaddr: 'bc:24:11:00:00:03', ...more })),
      { ...marked, hwaddr: 'BC:24:11:00:00:04' },
      { ...marked, hwaddr: 'bc:24:11:00:00:05,bc:24:11:00:00:06' },
      { ...marked, hwaddr: 'bc:24:11:00:00:07', ip: '10.2.10.57,fd00::7' },
    ]);

    const standing = await writer.standing(signal);

    expect(standing.own).toEqual([own(1, 'alpha'), own(2, 'alpha', '10.2.10.52')]);
    expect(standing.others.map(({ mac }) => mac?.slice(-2))).toEqual([
      '99',
      ...['03', '03', '03', '03', '03', '03'],
      ...['04', '05', '06', '07'],
    ]);
    expect(standing).toMatchObject({ adoption: 'above', needsAddress: false });
  });

  it('has one row of Truename’s for a MAC address: the last, which dnsmasq heeds', async () => {
    const row = { descr: mark, hwaddr: 'bc:24:11:00:00:01' };
    const { writer } = opnsense('dnsmasq', [
      { ...row, host: 'copied' },
      { ...row, host: 'alpha' },
    ]);

    const { own: mine, others } = await writer.standing(signal);

    expect([mine, others.map(({ name }) => name)]).toEqual([[own(1, 'alpha')], ['copied']]);
  });

  it.each([
    ['25.1.6', true],
    ['25.1.7', true],
    ['25.1.8', false],
    ['26.7.2', false],
  ] as const)('needs an address with each up to 25.1.7: %s', async (release, needsAddress) => {
    expect(await opnsense('dnsmasq', [], release).writer.standing(signal)).toMatchObject({ needsAddress });
  });

  it.each(['infinite', 'Ignore', '1234', '12h', '5w'])(
    'cannot be named %s, a setting to dnsmasq',
    async (name) => {
      const { unfit } = await opnsense('dnsmasq').writer.standing(signal);

      expect(unfit?.(own(1, name))).toContain(name);
      expect(unfit?.(own(1, `${name}-1`))).toBeUndefined();
    },
  );

  it('changes its version with whatever anybody changes', async () => {
    const { writer, memory } = opnsense('dnsmasq', [theirs]);
    const versions = new Set([(await writer.standing(signal)).version]);
    for (const change of [{ comments: 'x' }, { domain: 'y' }, { ignore: '1' }]) {
      memory.items = memory.items.map((each) => ({ ...each, ...change }));
      versions.add((await writer.standing(signal)).version);
    }

    expect(versions.size).toBe(4);
  });
});

describe('writing at Kea', () => {
  it('names the subnet by its uuid, and needs an address in it', async () => {
    const { write, memory, writer } = opnsense('kea');

    await write(adding(own(1, 'alpha', '10.2.10.51')));

    expect(memory.items).toMatchObject([
      {
        subnet: subnetUuid,
        ip_address: '10.2.10.51',
        hw_address: 'bc:24:11:00:00:01',
        hostname: 'alpha',
        description: mark,
      },
    ]);
    const standing = await writer.standing(signal);
    expect(standing).toMatchObject({
      own: [own(1, 'alpha', '10.2.10.51')],
      needsAddress: true,
      renamesLeases: false,
    });
    expect(standing.unfit?.(own(2, 'beta', '10.9.9.9'))).toContain('10.2.10.0/24');
    expect(standing.unfit?.(own(2, 'beta', '10.2.10.52'))).toBeUndefined();
  });

  it('cannot be put above what somebody else reserved: Kea refuses a MAC address twice', async () => {
    expect(await opnsense('kea').writer.standing(signal)).not.toHaveProperty('adoption');
  });

  it('writes nothing where one of the addresses lies in no subnet', async () => {
    const { write, memory } = opnsense('kea');

    const ended = write(adding(own(1, 'alpha', '10.2.10.51'), own(2, 'beta', '10.9.9.9')));

    await expect(ended).rejects.toMatchObject({ code: 'reservation-conflict' });
    expect(memory.items).toEqual([]);
  });
});

describe('reach', () => {
  it('is the whole site, whatever is changed: DHCP and DNS stop for everybody', () => {
    const { writer } = opnsense('dnsmasq');

    expect([writer.reach(adding(own(1, 'alpha'))), writer.pausedMs?.()]).toEqual(['site', undefined]);
  });
});
