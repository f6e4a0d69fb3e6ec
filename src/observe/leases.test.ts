import { describe, expect, it } from 'vitest';
import { at, blind, mac } from '../../test/support/sample-snapshot.ts';
import type { Address } from '../domain/address.ts';
import type { Nic } from '../domain/guest.ts';
import type { Lease } from '../domain/lease.ts';
import type { Mac } from '../domain/mac.ts';
import { observed, seenValue } from '../domain/observation.ts';
import { concerningLeases, leaseIn } from './leases.ts';

const duid = '00:02:00:00:ab:11:43:84:cb:96';
const nic: Nic = { slot: 'net0', mac };
const other = 'bc:24:11:00:00:02' as Mac;

function lease(changes: Partial<Lease> = {}): Lease {
  return {
    mac: other,
    address: '10.2.10.9' as Address,
    name: 'beta',
    expiresAt: '2026-01-01T13:00:00.000Z',
    ...changes,
  };
}

const table = (...leases: Lease[]) => observed({ leases, readAt: at }, { source: 'leases', at });
const subject = {
  wanted: 'alpha',
  nic,
  nics: [nic],
  clientId: `ff:00:00:00:01:${duid}`,
  answered: ['10.2.10.77' as Address],
};

describe('leaseIn', () => {
  it('is the living lease of the NIC', () => {
    const own = lease({ mac });

    expect(leaseIn(table(lease(), own), nic)).toMatchObject({
      seen: 'value',
      value: { lease: own, readAt: at },
    });
  });

  it.each([
    ['no lease of it', table(lease())],
    ['one that has ended', table(lease({ mac, expiresAt: '2026-01-01T11:00:00.000Z' }))],
  ])('is empty with %s', (_what, seen) => {
    expect(leaseIn(seen, nic).seen).toBe('empty');
  });

  it('is not observable where the table is not', () => {
    expect(leaseIn(blind(), nic).seen).toBe('not-observable');
  });
});

describe('concerningLeases', () => {
  it.each<[string, Partial<Lease>]>([
    ['bears the name, whatever its case', { name: 'ALPHA' }],
    ['has the client identifier', { clientId: `ff:00:00:00:01:${duid}` }],
    ['has the same DUID on another interface', { clientId: `ff:00:00:00:02:${duid}` }],
    ['has the address', { address: '10.2.10.5' as Address }],
    ['has an address that a resolver gives the name', { address: '10.2.10.77' as Address }],
  ])('knows one that %s', (_what, changes) => {
    const own = lease({ mac, address: '10.2.10.5' as Address, name: 'alpha' });

    expect(seenValue(concerningLeases(table(own, lease(changes)), subject))).toEqual([lease(changes)]);
  });

  it('knows that of another NIC of the machine', () => {
    const second: Nic = { slot: 'net1', mac: other };

    expect(seenValue(concerningLeases(table(lease()), { ...subject, nics: [nic, second] }))).toEqual([
      lease(),
    ]);
  });

  it('goes by the lease’s own identifier where the guest could not be asked', () => {
    const own = lease({ mac, clientId: `ff:00:00:00:03:${duid}` });
    const twin = lease({ clientId: `ff:00:00:00:04:${duid}` });

    expect(seenValue(concerningLeases(table(own, twin), { ...subject, clientId: undefined }))).toEqual([
      twin,
    ]);
  });

  it('passes over strangers and leases that have ended', () => {
    const dead = lease({ name: 'alpha', expiresAt: '2026-01-01T11:00:00.000Z' });

    expect(seenValue(concerningLeases(table(lease(), dead), subject))).toEqual([]);
  });

  it('is not observable where the table is not', () => {
    expect(concerningLeases(blind(), subject).seen).toBe('not-observable');
  });
});
