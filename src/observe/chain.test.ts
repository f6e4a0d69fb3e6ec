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
import type { LinkName } from '../domain/chain.ts';
import { links } from '../domain/chain.ts';
import type { Fqdn } from '../domain/name.ts';
import { chainOf } from './chain.ts';

const other = '10.2.10.9' as Address;
const empty = { seen: 'empty', source: 'test', at } as const;

function link(name: LinkName, changes: SnapshotChanges) {
  return chainOf(snapshot(changes), 'alpha', fullName).links.find((each) => each.link === name);
}

describe('chainOf', () => {
  it('shows every link, left to right, and all right where all is right', () => {
    const chain = chainOf(snapshot(), 'alpha', fullName);

    expect(chain.wanted).toBe('alpha');
    expect(chain.links.map((each) => each.link)).toEqual(
      links.filter((each) => each !== 'reservation' && each !== 'forward-ipv6'),
    );
    expect(chain.links.filter((each) => each.state !== 'right')).toEqual([]);
  });

  it.each<[LinkName, SnapshotChanges, string]>([
    ['declaration', { guest: { nixos: { next: system('old') } } }, 'wrong'],
    ['declaration', { guest: { nixos: { next: undefined } } }, 'absent'],
    ['static', { guest: { host: { static: '' } } }, 'absent'],
    ['static', { guest: { host: { static: 'ALPHA' } } }, 'right'],
    ['transient', { guest: { host: { transient: 'old' } } }, 'wrong'],
    ['dhcp-client', { guest: { client: { appliedName: 'old' } } }, 'wrong'],
    ['dhcp-client', { guest: { client: { sendsName: false } } }, 'absent'],
    ['dhcp-client', { guest: { client: 'none' } }, 'unknown'],
    ['next-boot', { guest: { client: 'none' } }, 'unknown'],
    ['next-boot', { guest: { client: { savedName: 'old' } } }, 'wrong'],
    ['lease', { lease: { name: undefined } }, 'absent'],
    ['lease', { lease: empty }, 'absent'],
    ['lease', { lease: blind() }, 'unknown'],
    ['forward', { forward: { status: 'none' } }, 'absent'],
    ['forward', { forward: { status: 'answered', records: [other] } }, 'wrong'],
    ['forward', { forward: { status: 'answered', records: [address, other] } }, 'wrong'],
    ['forward', { forward: blind() }, 'unknown'],
    ['forward', { lease: blind() }, 'unknown'],
    ['forward', { lease: empty }, 'wrong'],
    ['reverse', { reverse: { status: 'none' } }, 'absent'],
    ['reverse', { reverse: { status: 'answered', records: ['b.c' as Fqdn] } }, 'wrong'],
    ['reverse', { reverse: { status: 'answered', records: ['b.c' as Fqdn, fullName] } }, 'right'],
    ['reverse', { reverse: blind() }, 'unknown'],
    ['reverse', { reverse: { status: 'not-served', why: 'empty zone' } }, 'unserved'],
  ])('tells the state of %s with %j: %s', (name, changes, state) => {
    expect(link(name, changes)?.state).toBe(state);
  });

  it('never takes what could not be read for absent', () => {
    const chain = chainOf(
      snapshot({ guest: blind('no session'), lease: blind(), forward: blind(), reverse: blind() }),
      'alpha',
      fullName,
    );

    expect(chain.links.map((each) => each.state)).toEqual([
      'right',
      ...Array.from({ length: 9 }, () => 'unknown'),
    ]);
    expect(chain.links[1]?.name).toMatchObject({ seen: 'not-observable', why: 'no session' });
  });

  it('says from where a name is sent, and to which address it belongs', () => {
    expect(link('dhcp-client', {})?.note).toBe('the static name');
    expect(link('next-boot', { guest: { client: { savedName: 'alpha' } } })?.note).toBe(
      'the file /etc/NetworkManager/system-connections/w',
    );
    const connection = { uuid: 'u', id: 'i', file: '', storage: 'memory' as const };
    expect(link('next-boot', { guest: { client: { savedName: 'alpha', connection } } })?.note).toBe(
      'a profile in memory',
    );
    expect(link('dhcp-client', { guest: { client: { sendsName: false } } })?.note).toContain('no name');
    expect(link('lease', {})?.note).toBe(address);
    expect(link('forward', {})).toMatchObject({ of: 'unbound', note: fullName, name: { value: address } });
    expect(link('reverse', { reverse: { status: 'not-served', why: 'empty zone' } })?.note).toBe(
      'empty zone',
    );
  });
});
