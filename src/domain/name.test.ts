import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fqdn, type Hostname, isReservedName, parseFqdn, parseHostname, sameName } from './name.ts';

const labels = fc.stringMatching(/^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/);

describe('parseHostname', () => {
  it('takes every legal label as it is written', () => {
    fc.assert(fc.property(labels, (text) => parseHostname(text) === text));
  });

  it.each(['', '-a', 'a-', 'a.b', 'a_b', 'a b', 'a\n', 'ä', 'a'.repeat(64), '$(id)', '*', '--help'])(
    'refuses %j',
    (text) => {
      expect(parseHostname(text)).toBeUndefined();
    },
  );
});

describe('isReservedName', () => {
  it('knows them in any case', () => {
    const reserved = ['localhost', 'WPAD', 'isatap', 'Localdomain', 'broadcasthost'] as Hostname[];

    expect(reserved.filter((name) => !isReservedName(name))).toEqual([]);
    expect(isReservedName('web-1' as Hostname)).toBe(false);
  });
});

describe('parseFqdn', () => {
  it('folds case and drops one trailing dot', () => {
    expect(parseFqdn('Alpha.MGMT.internal.')).toBe('alpha.mgmt.internal');
  });

  it('takes 253 characters and no more', () => {
    const long = [63, 63, 63, 61].map((length) => 'a'.repeat(length)).join('.');

    expect(parseFqdn(long)).toBe(long);
    expect(parseFqdn(`${long}a`)).toBeUndefined();
  });

  it.each(['alpha', 'alpha.', 'a..b', '.a.b', 'a.b..', '', '.', 'a_b.c'])('refuses %j', (text) => {
    expect(parseFqdn(text)).toBeUndefined();
  });
});

describe('fqdn', () => {
  it('reads back as the same name', () => {
    fc.assert(
      fc.property(labels, (label) => {
        const full = fqdn(label as Hostname, 'mgmt.internal');

        return parseFqdn(full) === full && full.startsWith(label.toLowerCase());
      }),
    );
  });
});

describe('sameName', () => {
  it('compares without case, and a missing name is like no other', () => {
    expect(sameName('Alpha', 'aLPHA')).toBe(true);
    expect(sameName('alpha', 'alpha2')).toBe(false);
    expect(sameName(undefined, undefined)).toBe(false);
    expect(sameName('alpha', undefined)).toBe(false);
  });
});
