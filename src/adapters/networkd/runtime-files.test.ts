import { describe, expect, it } from 'vitest';
import { clientIdOf, endOfLifetime, environment, splitPaths } from './runtime-files.ts';

describe('files below /run/systemd/netif', () => {
  it('are read line by line, without comments and quotes', () => {
    const found = environment('# private\nADDRESS=10.2.10.152\nA="x y"\nB=\nlower=1\nADDRESS=10.2.10.153\n');

    expect([...found]).toEqual([
      ['ADDRESS', '10.2.10.153'],
      ['A', 'x y'],
      ['B', ''],
    ]);
  });

  it('list paths with colons between, and escape those within', () => {
    expect(splitPaths('/run/n.d/50 odd\\x3a$(x).conf:/etc/n.d/a.conf')).toEqual([
      '/run/n.d/50 odd:$(x).conf',
      '/etc/n.d/a.conf',
    ]);
    expect(splitPaths('')).toEqual([]);
  });

  it.each([
    ['ffA644f6', 'ff:a6:44:f6'],
    ['ff1', undefined],
    ['ff zz', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('give %s as the client identifier %s', (text, expected) => {
    expect(clientIdOf(text)).toBe(expected);
  });
});

describe('the end of the lifetime', () => {
  const lines =
    '2: eth0    inet 10.2.10.1/24 scope global eth0\\       valid_lft forever preferred_lft forever\n' +
    '2: eth0    inet 10.2.10.152/24 metric 1024 scope global dynamic eth0\\       valid_lft 3600sec preferred_lft 3600sec';

  it('is that of the leased address', () => {
    expect(endOfLifetime(lines, '10.2.10.152', '1767268800')).toBe('2026-01-01T13:00:00.000Z');
  });

  it.each([
    ['for ever', '10.2.10.1', '1767268800'],
    ['of another address', '10.2.10.15', '1767268800'],
    ['without a clock', '10.2.10.152', undefined],
    ['with a clock that is none', '10.2.10.152', '1e99'],
    ['without an address', undefined, '1767268800'],
  ])('is unknown %s', (_what, address, clock) => {
    expect(endOfLifetime(lines, address, clock)).toBeUndefined();
  });
});
