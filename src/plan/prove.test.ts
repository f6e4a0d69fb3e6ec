import { describe, expect, it } from 'vitest';
import {
  address,
  at,
  blind,
  fullName,
  type SnapshotChanges,
  snapshot,
  system,
} from '../../test/support/sample-snapshot.ts';
import type { Address } from '../domain/address.ts';
import type { Fqdn } from '../domain/name.ts';
import type { Claim } from '../domain/proof.ts';
import { prove } from './prove.ts';

const claim: Claim = { name: 'alpha', fqdn: fullName, reverseRequired: false };
const other = '10.2.10.9' as Address;
const empty = { seen: 'empty', source: 'leases', at } as const;

function stateOf(link: string, changes: SnapshotChanges): string | undefined {
  const proof = prove(snapshot(changes), claim);
  const verdict = [...proof.now, ...proof.lasts].find((each) => each.link === link);
  expect(proof.proven).toBe(verdict?.state === 'proven' || verdict?.state === 'not-served');
  return verdict?.state;
}

describe('prove', () => {
  it('proves a name that stands everywhere, and says what was seen when', () => {
    const proof = prove(snapshot(), claim);

    expect(proof.proven).toBe(true);
    expect([...proof.now, ...proof.lasts].map(({ link, state, at: when }) => [link, state, when])).toEqual(
      ['lease', 'forward', 'reverse', 'dhcp-client', 'next-boot'].map((link) => [link, 'proven', at]),
    );
  });

  it.each<[string, SnapshotChanges, string]>([
    ['bears another name', { lease: { name: 'tappaas-nixos' } }, 'refuted'],
    ['bears no name', { lease: { name: undefined } }, 'refuted'],
    ['bears it in other letters', { lease: { name: 'ALPHA' } }, 'proven'],
    [
      'ends hours after what the guest was given',
      { lease: { expiresAt: '2026-01-01T18:00:00.000Z' } },
      'refuted',
    ],
    [
      'ends hours before what the guest was given',
      { lease: { expiresAt: '2026-01-01T12:10:00.000Z' } },
      'refuted',
    ],
    ['ends a minute apart', { lease: { expiresAt: '2026-01-01T13:01:00.000Z' } }, 'proven'],
    ['ends two seconds beyond the minute', { lease: { expiresAt: '2026-01-01T13:01:02.000Z' } }, 'refuted'],
    ['has no end', { lease: { expiresAt: undefined } }, 'proven'],
    ['is unknown to the guest', { guest: { client: { leaseExpiresAt: undefined } } }, 'not-observable'],
  ])('judges a lease that %s', (_what, changes, state) => {
    expect(stateOf('lease', changes)).toBe(state);
  });

  it('counts the rest of a lease by the clock of each side', () => {
    const taken = snapshot({ lease: { expiresAt: '2026-01-01T15:00:00.000Z' } });
    const shifted =
      taken.lease.seen === 'value'
        ? { ...taken.lease, value: { ...taken.lease.value, readAt: '2026-01-01T14:00:00.000Z' } }
        : taken.lease;

    expect(prove({ ...taken, lease: shifted }, claim).proven).toBe(true);
  });

  it('tells a lease that is not there from a table that cannot be read', () => {
    const absent = prove(snapshot({ lease: empty }), claim);
    const unread = prove(snapshot({ lease: blind() }), claim);

    expect(absent.now.map(({ state }) => state)).toEqual(['refuted', 'refuted', 'proven']);
    expect(unread.now.map(({ state }) => state)).toEqual(['not-observable', 'not-observable', 'proven']);
    expect([absent.proven, unread.proven]).toEqual([false, false]);
  });

  it.each<[string, SnapshotChanges, string]>([
    ['the name does not resolve', { forward: { status: 'none' } }, 'refuted'],
    ['it is another address', { forward: { status: 'answered', records: [other] } }, 'refuted'],
    ['it is another address too', { forward: { status: 'answered', records: [address, other] } }, 'refuted'],
    ['the resolver is down', { forward: blind() }, 'not-observable'],
  ])('judges the forward record when %s', (_what, changes, state) => {
    expect(stateOf('forward', changes)).toBe(state);
  });

  it('does not let a right answer over a wrong lease pass', () => {
    expect(prove(snapshot({ lease: { name: 'tappaas-nixos' } }), claim).proven).toBe(false);
  });

  it.each<[string, SnapshotChanges, string]>([
    ['there is none', { reverse: { status: 'none' } }, 'refuted'],
    [
      'it is another name',
      { reverse: { status: 'answered', records: ['beta.mgmt.internal' as Fqdn] } },
      'refuted',
    ],
    [
      'it is one of several',
      { reverse: { status: 'answered', records: ['b.c' as Fqdn, fullName] } },
      'proven',
    ],
    ['nobody can look', { reverse: blind() }, 'not-observable'],
    ['no such zone is served', { reverse: { status: 'not-served', why: 'empty zone' } }, 'not-served'],
  ])('judges the reverse record when %s', (_what, changes, state) => {
    expect(stateOf('reverse', changes)).toBe(state);
  });

  it('fails without a reverse zone only where one is required', () => {
    const taken = snapshot({ reverse: { status: 'not-served', why: 'empty zone' } });

    expect(prove(taken, claim).proven).toBe(true);
    expect(prove(taken, { ...claim, reverseRequired: true }).proven).toBe(false);
  });

  it.each<[string, SnapshotChanges, string]>([
    [
      'the profile holds another name',
      { guest: { client: { savedName: 'old', appliedName: 'alpha' } } },
      'refuted',
    ],
    ['the next system declares another name', { guest: { nixos: { next: system('old') } } }, 'refuted'],
    [
      'another profile may be chosen',
      { guest: { client: { otherNames: [{ file: '', name: 'old' }] } } },
      'refuted',
    ],
    [
      'another profile says the same',
      { guest: { client: { otherNames: [{ file: '/x', name: 'alpha' }] } } },
      'proven',
    ],
  ])('judges the next boot when %s', (_what, changes, state) => {
    expect(stateOf('next-boot', changes)).toBe(state);
  });

  it('refutes a name that the next renewal would take away', () => {
    expect(stateOf('dhcp-client', { guest: { client: { appliedName: 'old' } } })).toBe('refuted');
    expect(stateOf('dhcp-client', { guest: { client: { appliedName: 'Alpha' } } })).toBe('proven');
  });

  it.each<[string, SnapshotChanges, string]>([
    ['the guest cannot be read', { guest: blind() }, 'not-observable'],
    ['the guest said nothing', { guest: empty }, 'not-observable'],
    ['no known client holds the interface', { guest: { client: 'none' } }, 'not-observable'],
    ['no name is sent', { guest: { client: { sendsName: false } } }, 'refuted'],
  ])('proves nothing that lasts when %s', (_what, changes, state) => {
    const { lasts, proven } = prove(snapshot(changes), claim);

    expect(lasts.map((verdict) => verdict.state)).toEqual([state, state]);
    expect(proven).toBe(false);
  });
});
