import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  address,
  blind,
  fullName,
  type SnapshotChanges,
  snapshot,
  system,
} from '../../test/support/sample-snapshot.ts';
import type { Address } from '../domain/address.ts';
import { type Fqdn, sameName } from '../domain/name.ts';
import { asksDhcpServer } from '../domain/remedy.ts';
import { ladder, transientRemedy } from './ladder.ts';
import { prove } from './prove.ts';

const wrongLease = { name: 'tappaas-nixos' };

function kinds(changes: SnapshotChanges): string[] {
  return ladder(snapshot(changes), 'alpha').map(({ kind }) => kind);
}

const names = fc.constantFrom('', 'alpha', 'Alpha', 'old');
const ends = fc.constantFrom(
  '2026-01-01T13:00:00.000Z',
  '2026-01-01T13:00:30.000Z',
  '2026-01-02T13:00:00.000Z',
  undefined,
);

/** Any state of a machine, made of parts that are right, wrong, absent or unreadable. */
const anything: fc.Arbitrary<SnapshotChanges> = fc.record({
  guest: fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        host: fc.record({ static: names, transient: names }),
        nixos: fc.record({ next: fc.oneof(names.map(system), fc.constant(undefined)) }),
        client: fc.record({
          savedName: names,
          appliedName: fc.oneof(names, fc.constant(undefined)),
          sendsName: fc.boolean(),
          leaseExpiresAt: ends,
          connection: fc
            .constantFrom('etc', 'run', 'memory')
            .map((storage) => ({ uuid: 'u', id: 'i', file: '/f', storage: storage as 'etc' })),
        }),
      }),
    },
    { weight: 1, arbitrary: fc.constant(blind()) },
    { weight: 1, arbitrary: fc.constant({ client: 'none' as const }) },
  ),
  lease: fc.oneof(
    { weight: 8, arbitrary: fc.record({ name: names, expiresAt: ends }) },
    { weight: 1, arbitrary: fc.constant(blind()) },
  ),
  forward: fc.constantFrom(
    { status: 'answered' as const, records: [address] },
    { status: 'answered' as const, records: [address] },
    { status: 'answered' as const, records: ['10.9.9.9' as Address] },
  ),
  reverse: fc.constantFrom(
    { status: 'answered' as const, records: [fullName] },
    { status: 'answered' as const, records: [fullName] },
    { status: 'answered' as const, records: ['b.c' as Fqdn] },
  ),
});

describe('ladder', () => {
  it('is empty when the name is proven', () => {
    let proven = 0;

    fc.assert(
      fc.property(anything, (changes) => {
        const taken = snapshot(changes);
        if (!prove(taken, { name: 'alpha', fqdn: fullName, reverseRequired: false }).proven) return;
        proven += 1;

        expect(ladder(taken, 'alpha')).toEqual([]);
      }),
      { numRuns: 3000 },
    );
    expect(proven).toBeGreaterThan(0);
  });

  it('asks the DHCP client for nothing when the lease is right, and what it would send next', () => {
    fc.assert(
      fc.property(anything, names, (changes, held) => {
        const guest = 'guest' in changes && changes.guest && !('seen' in changes.guest) ? changes.guest : {};
        const own = guest.client === undefined || guest.client === 'none' ? {} : guest.client;
        // Without a name in the profile the static one is sent.
        if (held === 'old' || (held === '' && !sameName(guest.host?.static ?? 'alpha', 'alpha'))) return;
        const right = {
          savedName: held,
          appliedName: held,
          sendsName: true,
          leaseExpiresAt: '2026-01-01T13:00:00.000Z',
        };

        const rungs = ladder(
          snapshot({ ...changes, lease: {}, guest: { ...guest, client: { ...own, ...right } } }),
          'alpha',
        );

        expect(rungs.filter(asksDhcpServer)).toEqual([]);
      }),
    );
  });

  it('climbs from the gentlest to the hardest, each kind once', () => {
    fc.assert(
      fc.property(anything, (changes) => {
        const rungs = ladder(snapshot(changes), 'alpha');
        const order = rungs.map(({ disruption }) =>
          ['none', 'renew', 'blip', 'bounce', 'reboot'].indexOf(disruption),
        );

        expect(order).toEqual([...order].sort((left, right) => left - right));
        expect(new Set(rungs.map(({ kind }) => kind)).size).toBe(rungs.length);
      }),
    );
  });

  it('lets the client read the static name anew when the lease is wrong', () => {
    expect(kinds({ lease: wrongLease })).toEqual([
      'refresh-static-name',
      'force-renewal',
      'activate-connection',
    ]);
  });

  it('takes a stale name out of a profile that the guest keeps itself', () => {
    const stale = { client: { savedName: 'old' } };

    expect(kinds({ guest: stale, lease: wrongLease })).toEqual([
      'clear-profile-name',
      'force-renewal',
      'activate-connection',
    ]);
    expect(kinds({ guest: stale })).toEqual(['clear-profile-name']);
    expect(kinds({ guest: { client: { appliedName: 'old' } } })).toEqual(['clear-profile-name']);
  });

  it.each(['run', 'usr-lib', 'memory'] as const)(
    'leaves a profile in %s alone: an edit would outlive its declaration',
    (storage) => {
      const connection = { uuid: 'u', id: 'i', file: '/f', storage };

      expect(kinds({ guest: { client: { savedName: 'old', connection } } })).toEqual([]);
      expect(kinds({ guest: { client: { savedName: 'old', connection } }, lease: wrongLease })).not.toContain(
        'clear-profile-name',
      );
    },
  );

  it('names the profile where the static name is wrong and nobody may set it', () => {
    expect(kinds({ guest: { client: { savedName: 'old' }, host: { static: 'old' } } })).toEqual([
      'set-profile-name',
    ]);
  });

  it.each<[string, SnapshotChanges]>([
    ['the guest cannot be read', { guest: blind(), lease: wrongLease }],
    ['the leases cannot be read', { guest: { client: { savedName: 'old' } }, lease: blind() }],
    ['no known client holds the interface', { guest: { client: 'none' }, lease: wrongLease }],
  ])('is empty when %s', (_what, changes) => {
    expect(kinds(changes)).toEqual([]);
  });

  it('is empty for what is no host name', () => {
    expect(ladder(snapshot({ lease: wrongLease }), 'al pha')).toEqual([]);
  });

  it('takes a table of yesterday for no right lease', () => {
    expect(kinds({ lease: { expiresAt: '2026-01-02T13:00:00.000Z' } })).toContain('refresh-static-name');
  });
});

describe('transientRemedy', () => {
  it('sets the name of the kernel when the static one is right', () => {
    expect(transientRemedy(snapshot({ guest: { host: { transient: 'old' } } }), 'alpha')).toMatchObject({
      kind: 'set-transient-name',
      name: 'alpha',
      disruption: 'none',
    });
  });

  it.each<[string, SnapshotChanges]>([
    ['it is right already', {}],
    ['it is right in other letters', { guest: { host: { transient: 'Alpha' } } }],
    ['the static one is wrong', { guest: { host: { static: 'old', transient: 'old' } } }],
    ['the guest cannot be read', { guest: blind() }],
  ])('sets nothing when %s', (_what, changes) => {
    expect(transientRemedy(snapshot(changes), 'alpha')).toBeUndefined();
  });
});
