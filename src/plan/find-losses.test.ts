import { describe, expect, it } from 'vitest';
import { address, at, fullName, mac } from '../../test/support/sample-snapshot.ts';
import type { Address } from '../domain/address.ts';
import type { Mac } from '../domain/mac.ts';
import type { Fqdn } from '../domain/name.ts';
import { type Observation, observed } from '../domain/observation.ts';
import type { DnsAnswer, TimedAddress } from '../domain/ports.ts';
import type { Resolution, ResolverAnswers } from '../domain/resolution.ts';
import { couldNotLook, findLosses } from './find-losses.ts';

const where = { source: 'test', at };
const policy = { wanted: 'alpha', domain: 'mgmt.internal', reverseRequired: false };
const none: Observation<DnsAnswer<never>> = observed({ status: 'none' }, where);
const blind = { seen: 'not-observable' as const, code: 'timeout' as const, why: 'no answer', ...where };
const notServed: Observation<DnsAnswer<never>> = observed(
  { status: 'not-served', why: 'an empty zone' },
  where,
);
const answered = <T>(...records: T[]): Observation<DnsAnswer<T>> =>
  observed({ status: 'answered', records }, where);
const timed = (...given: string[]) =>
  answered<TimedAddress>(...given.map((each) => ({ address: each, ttlSeconds: 1 })));
const other = '10.2.10.9' as Address;
const beta = 'beta.mgmt.internal' as Fqdn;

function resolver(changes: Partial<ResolverAnswers> = {}): ResolverAnswers {
  return {
    resolver: 'unbound',
    forward: timed(address),
    forward6: none,
    reverse: answered(fullName),
    ...changes,
  };
}

function resolution(changes: Partial<ResolverAnswers> = {}, name: string | undefined = 'alpha'): Resolution {
  const lease = { address, mac, ...(name === undefined ? {} : { name }) };
  return {
    fqdn: fullName,
    lease: observed({ lease, readAt: at }, where),
    bearers: name === 'alpha' ? [lease] : [],
    resolvers: [resolver(changes)],
    own: [address],
  };
}

const witness = (forward: Observation<DnsAnswer<Address>>, reverse: Observation<DnsAnswer<Fqdn>> = none) => ({
  witness: { fqdn: beta, forward, reverse },
});
const kinds = (seen: Resolution, changes: Partial<typeof policy> = {}) =>
  findLosses(seen, { ...policy, ...changes }).map(
    ({ kind, matters }) => `${kind}${matters ? '' : ' (no matter)'}`,
  );

describe('findLosses', () => {
  it.each<[string, Resolution, string[]]>([
    ['nothing is lost', resolution(), []],
    [
      'there is no lease',
      { ...resolution({ forward: none }), lease: { seen: 'empty', ...where } },
      ['no-lease'],
    ],
    [
      'the lease bears another name',
      resolution({ forward: none, reverse: answered('x.mgmt.internal' as Fqdn) }, 'x'),
      ['lease-bears-another-name'],
    ],
    [
      'the resolver knows others',
      resolution({ forward: none, ...witness(answered(other)) }),
      ['lease-not-registered'],
    ],
    ['the resolver knows nobody', resolution({ forward: none, ...witness(none) }), ['domain-not-forwarded']],
    ['there is nobody to compare with', resolution({ forward: none }), ['forward-missing']],
    [
      'the other one could not be asked for',
      resolution({ forward: none, ...witness(blind) }),
      ['forward-missing'],
    ],
    ['nobody says the address', resolution({ forward: timed(other) }), ['stale-dns-record']],
    ['another NIC has the address', { ...resolution({ forward: timed(other) }), own: [address, other] }, []],
    ['the domain is not served', resolution({ forward: notServed }), ['domain-not-forwarded']],
    ['one address too many is said', resolution({ forward: timed(address, other) }), ['stale-dns-record']],
    [
      'the zone is not served',
      resolution({ reverse: notServed }),
      ['reverse-zone-not-forwarded (no matter)'],
    ],
    [
      'no address has a name',
      resolution({ reverse: none, ...witness(answered(other), none) }),
      ['reverse-zone-not-forwarded (no matter)'],
    ],
    [
      'others have names',
      resolution({ reverse: none, ...witness(answered(other), answered(beta)) }),
      ['reverse-missing'],
    ],
    ['nobody can be compared with', resolution({ reverse: none }), ['reverse-missing (no matter)']],
    [
      'the address has a former name',
      resolution({ reverse: answered('former.mgmt.internal' as Fqdn) }),
      ['leftover-ptr'],
    ],
    [
      'the address has a former name too',
      resolution({ reverse: answered(fullName, 'former.mgmt.internal' as Fqdn) }),
      ['leftover-ptr'],
    ],
    ['nobody could look', resolution({ forward: blind, reverse: blind }), []],
    ['the table could not be read', { ...resolution(), lease: blind, bearers: [] }, []],
    ['the lease bears the full name', resolution({}, 'alpha.mgmt.internal'), []],
  ])('where %s', (_what, seen, expected) => {
    expect(kinds(seen)).toEqual(expected);
  });

  it('names the machine whose lease bears the name too', () => {
    const seen = resolution({ forward: timed(other) });
    const bearers = [...seen.bearers, { address: other, mac: 'bc:24:11:00:00:09' as Mac, name: 'alpha' }];

    const [loss] = findLosses({ ...seen, bearers }, policy);

    expect(loss).toMatchObject({
      kind: 'another-lease-bears-the-name',
      because: expect.stringContaining('bc:24:11:00:00:09'),
    });
  });

  it('names a fixed entry as the cause only where one was seen', () => {
    const file = '/etc/hosts';
    const entry = (changes: { address?: Address; names?: string[] }) =>
      observed([{ address: other, names: ['alpha'], file, ...changes }], where);
    const losses = (seen: Resolution, hostEntries: NonNullable<Resolution['entered']>['hostEntries']) =>
      findLosses({ ...seen, entered: { reservations: observed([], where), hostEntries } }, policy);
    const foreign = resolution({ forward: timed(other) });
    const former = resolution({ reverse: answered('former.mgmt.internal' as Fqdn) });

    expect(losses(foreign, entry({}))).toMatchObject([
      {
        kind: 'static-entry-shadows-lease',
        because: expect.stringContaining('by a host entry in /etc/hosts'),
      },
    ]);
    expect(losses(former, entry({ address, names: ['former'] }))).toMatchObject([
      {
        kind: 'static-entry-shadows-lease',
        because: `${address} is former.mgmt.internal, by a host entry in ${file}`,
      },
    ]);
    expect(losses(foreign, entry({ names: ['beta'] }))).toMatchObject([{ kind: 'stale-dns-record' }]);
    expect(losses(foreign, blind)).toMatchObject([
      { kind: 'stale-dns-record', because: expect.stringContaining('could not be seen: no answer') },
    ]);
  });

  it('tells a name that another resolver of the segment knows', () => {
    const seen = resolution({ forward: none });

    const losses = findLosses(
      { ...seen, resolvers: [...seen.resolvers, resolver({ resolver: 'second' })] },
      policy,
    );

    expect(losses).toMatchObject([
      { kind: 'missing-at-this-resolver', because: expect.stringContaining('second knows it') },
    ]);
  });

  it('lets a missing reverse zone matter where the configuration asks for it', () => {
    expect(kinds(resolution({ reverse: notServed }), { reverseRequired: true })).toEqual([
      'reverse-zone-not-forwarded',
    ]);
  });
});

describe('couldNotLook', () => {
  it.each<[string, Resolution, boolean]>([
    ['all was seen', resolution(), false],
    ['a resolver could not be asked', resolution({ forward: blind }), true],
    ['the table could not be read', { ...resolution(), lease: blind }, true],
  ])('where %s', (_what, seen, expected) => {
    expect(couldNotLook(seen)).toBe(expected);
  });
});
