import { describe, expect, it } from 'vitest';
import type { Address } from '../src/domain/address.ts';
import type { Mac } from '../src/domain/mac.ts';
import { simClock } from './clock.ts';
import { type SimDhcpServer, simDhcpServer } from './dhcp-server.ts';

const clock = simClock({ startsAt: Date.UTC(2026, 0, 1, 12) });
const { signal } = new AbortController();
const mac = (last: number) => `bc:24:11:00:00:0${last}` as Mac;

function server(): SimDhcpServer {
  return simDhcpServer({ id: 'mgmt', clock, firstLease: '10.2.10.100' as Address });
}

function ask(under: SimDhcpServer, last: number, name?: string) {
  return under.request({ mac: mac(last), clientId: `01:${mac(last)}`, name });
}

/** The names of all leases, in the order in which they were granted; none is `*`. */
function names(under: SimDhcpServer): string[] {
  return under.leases().map(({ name }) => name ?? '*');
}

describe('simDhcpServer', () => {
  it('grants an address after the other, and the same one again to whoever has it', () => {
    const under = server();

    expect(ask(under, 1, 'alpha')).toMatchObject({ address: '10.2.10.100', name: 'alpha' });
    expect(ask(under, 2, 'beta').address).toBe('10.2.10.101');
    expect(ask(under, 1, 'gamma')).toMatchObject({ address: '10.2.10.100', name: 'gamma' });
    expect(names(under)).toEqual(['gamma', 'beta']);
  });

  it('keeps the name of a lease while nobody sends one, and gives none to a new lease', () => {
    const under = server();
    ask(under, 1, 'alpha');

    expect(ask(under, 1).name).toBeUndefined();
    ask(under, 2);

    expect(names(under)).toEqual(['alpha', '*']);
  });

  it('gives a name that two send to the one who asked last, whatever its letters', () => {
    const under = server();
    ask(under, 1, 'template');
    ask(under, 2, 'Template');

    expect(names(under)).toEqual(['*', 'Template']);
  });

  it.each([
    ['a.b.c', 'a'],
    ['under_score', 'under_score'],
    ['trail.', 'trail'],
    ['two words', '*'],
    ['-lead', '*'],
    ['x'.repeat(64), '*'],
    ['*', '*'],
    ['', '*'],
  ])('takes of the name %j what dnsmasq takes: %s', (sent, taken) => {
    const under = server();

    ask(under, 1, sent);

    expect(names(under)).toEqual([taken]);
  });

  it('gives a reserved name at once, and whatever is sent later', () => {
    const under = server();
    ask(under, 1, 'template');

    under.reserve(mac(1), 'alpha');

    expect(names(under)).toEqual(['alpha']);
    expect(ask(under, 1, 'template').name).toBe('alpha');
    expect(names(under)).toEqual(['alpha']);
  });

  it('ends a lease later with each answer, by its own clock', async () => {
    const under = server();
    const first = ask(under, 1, 'alpha');
    await clock.sleep(10_000, signal);
    const second = ask(under, 1, 'alpha');

    expect(Date.parse(second.expiresAt) - Date.parse(first.expiresAt)).toBe(10_000);
    expect(under.leases()[0]?.expiresAt).toBe(second.expiresAt);
  });

  it('does not play a client that asks a silent server', () => {
    const under = server();
    under.freeze(true);

    expect(() => ask(under, 1, 'alpha')).toThrow('no client that asks a silent server');
  });
});
