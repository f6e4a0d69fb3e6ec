import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evidence, mgmt } from '../../test/support/fix-subject.ts';
import { at } from '../../test/support/sample-snapshot.ts';
import { type Address, parseSubnet } from '../domain/address.ts';
import type { Lease } from '../domain/lease.ts';
import type { Mac } from '../domain/mac.ts';
import type { Hostname } from '../domain/name.ts';
import type { StandingReservations } from '../domain/ports.ts';
import { changedBy, type OwnReservation, type Reservation } from '../domain/reservation.ts';
import type { Segment } from '../domain/segment.ts';
import { decideReservations, type ReservationPolicy, type ReservationSubject } from './decide-reservation.ts';
import type { ServerView } from './reservation-clash.ts';

const where = { source: 'test', at };
const segment: Segment = { ...mgmt, subnet: parseSubnet('10.2.10.0/24') as NonNullable<Segment['subnet']> };
const mac = (last: number) => `bc:24:11:00:00:0${last}` as Mac;
const address = (last: number) => `10.2.10.${last}` as Address;
const policy: ReservationPolicy = {
  roles: { own: { macs: [] }, hosts: [{ role: 'resolver', id: 'unbound', hosts: ['10.2.10.1', 'gw'] }] },
  templates: [],
  nodes: ['pve1'],
  takeName: false,
  adopt: false,
};

function standing(changes: Partial<StandingReservations> = {}): StandingReservations {
  return {
    version: '1',
    own: [],
    others: [],
    place: '/hosts',
    needsAddress: false,
    domains: ['mgmt.internal'],
    ...changes,
  };
}

function view(changes: Partial<StandingReservations> = {}, leases: readonly Lease[] = []): ServerView {
  return { standing: standing(changes), leases: { leases, readAt: at } };
}

function subject(last: number, name: string, asked?: Address): ReservationSubject {
  const seen = evidence({ wanted: name, fqdn: `${name}.mgmt.internal` as never });
  const snapshot = { lease: { seen: 'empty' as const, ...where }, resolvers: [] };
  return {
    mac: mac(last),
    segment,
    ...(asked === undefined ? {} : { address: asked }),
    evidence: { ...seen, snapshot },
  };
}

function decideOne(it: ReservationSubject, at: ServerView, changes: Partial<ReservationPolicy> = {}) {
  const [decision] = decideReservations([it], at, { ...policy, ...changes });
  if (decision === undefined) throw new Error('nothing was decided');
  return decision;
}

/** What was refused, and why. */
function why(it: ReservationSubject, at: ServerView, changes: Partial<ReservationPolicy> = {}): string {
  const decision = decideOne(it, at, changes);
  return decision.action === 'refuse' ? `${decision.code}: ${decision.why}` : decision.action;
}

const theirs = (changes: Partial<Reservation>): Reservation => ({ file: '/etc/theirs', ...changes });
const lease = (last: number, name?: string): Lease => ({
  address: address(last),
  mac: mac(last),
  ...(name === undefined ? {} : { name }),
});

describe('what is decided for one guest', () => {
  it('is to write, where nothing speaks against it', () => {
    expect(decideOne(subject(1, 'alpha'), view())).toEqual({
      action: 'write',
      difference: { mac: mac(1), was: null, becomes: { mac: mac(1), name: 'alpha' } },
      notes: [],
    });
  });

  it('keeps the address that was reserved before, where none is asked for', () => {
    const own: OwnReservation[] = [{ mac: mac(1), name: 'old' as Hostname, address: address(50) }];

    expect(decideOne(subject(1, 'alpha'), view({ own }))).toMatchObject({
      difference: { was: own[0], becomes: { name: 'alpha', address: address(50) } },
    });
  });

  it('is nothing, where Truename or somebody else said the same before', () => {
    const own = [{ mac: mac(1), name: 'alpha' as Hostname }];

    expect(decideOne(subject(1, 'alpha'), view({ own })).action).toBe('nothing');
    expect(
      decideOne(subject(1, 'alpha'), view({ others: [theirs({ mac: mac(1), name: 'ALPHA' })] })),
    ).toMatchObject({ action: 'nothing', why: 'somebody else reserved it already, in /etc/theirs' });
  });

  it('says that the name of another address waits for the guest', () => {
    const decision = decideOne(subject(1, 'alpha', address(50)), view({}, [lease(1, 'x')]));

    expect(decision).toMatchObject({ action: 'write', notes: [expect.stringContaining('10.2.10.1;')] });
  });

  it.each<[string, ReservationSubject, ServerView, string]>([
    [
      'the MAC address',
      subject(1, 'alpha'),
      view({ others: [theirs({ mac: mac(1), name: 'x' })] }),
      `${mac(1)}, x stands in /etc/theirs`,
    ],
    [
      'an address of the MAC address',
      subject(1, 'alpha'),
      view({ others: [theirs({ mac: mac(1), address: address(9) })], adoption: 'above' }),
      'would lose its address',
    ],
    [
      'a client to be ignored',
      subject(1, 'alpha'),
      view({ others: [theirs({ mac: mac(1) })], adoption: 'above' }),
      'to be ignored',
    ],
    [
      'the client id of its lease',
      subject(1, 'alpha'),
      view({ others: [theirs({ clientId: '01:aa', name: 'x' })] }, [{ ...lease(1), clientId: '01:AA' }]),
      'client id 01:aa',
    ],
    [
      'the name, by Truename',
      subject(1, 'alpha'),
      view({ own: [{ mac: mac(2), name: 'ALPHA' as Hostname }] }),
      `reserved for ${mac(2)} by Truename`,
    ],
    [
      'the name, by somebody else',
      subject(1, 'alpha'),
      view({ others: [theirs({ mac: mac(2), name: 'alpha' })] }),
      'reserved already',
    ],
    [
      'the name, for whoever sends it',
      subject(1, 'alpha'),
      view({ others: [theirs({ name: 'alpha' })] }),
      'reserved already',
    ],
    [
      'the address, by Truename',
      subject(1, 'alpha', address(50)),
      view({ own: [{ mac: mac(2), name: 'x' as Hostname, address: address(50) }] }),
      'by Truename',
    ],
    [
      'the address, by somebody else',
      subject(1, 'alpha', address(50)),
      view({ others: [theirs({ mac: mac(2), address: address(50) })] }),
      'reserved already',
    ],
    ['the address, by a lease', subject(1, 'alpha', address(2)), view({}, [lease(2, 'x')]), 'is leased to'],
    [
      'the subnet',
      subject(1, 'alpha', '10.9.9.9' as Address),
      view(),
      'no address for a guest in 10.2.10.0/24',
    ],
    ['the network itself', subject(1, 'alpha', address(0)), view(), 'no address for a guest'],
    ['the broadcast address', subject(1, 'alpha', address(255)), view(), 'no address for a guest'],
    ['a server at the address', subject(1, 'alpha', address(1)), view(), 'is the resolver unbound'],
    [
      'an unknown subnet',
      { ...subject(1, 'alpha', address(5)), segment: mgmt },
      view(),
      'subnet of segment mgmt is not known',
    ],
    [
      'a product that needs an address',
      subject(1, 'alpha'),
      view({ needsAddress: true }),
      'without an address',
    ],
    ['a missing domain', subject(1, 'alpha'), view({ domains: [] }), 'under no domain'],
    ['another domain', subject(1, 'alpha'), view({ domains: ['other.lan'] }), 'under other.lan'],
  ])('refuses a clash with %s', (_what, asked, seen, because) => {
    expect(why(asked, seen)).toMatch(/^reservation-conflict: /);
    expect(why(asked, seen)).toContain(because);
  });

  it('goes above a name of somebody else where that is asked for and can be, and says so', () => {
    const others = [theirs({ mac: mac(1), name: 'x' })];

    expect(why(subject(1, 'alpha'), view({ others }), { adopt: true })).toMatch(/^reservation-conflict/);
    expect(
      decideOne(subject(1, 'alpha'), view({ others, adoption: 'above' }), { adopt: true }),
    ).toMatchObject({
      action: 'write',
      notes: [expect.stringContaining('/etc/theirs')],
    });
  });

  it('takes no resolver that could not be asked for one that knows of nobody', () => {
    const asked = subject(1, 'alpha');
    const blind = { seen: 'not-observable' as const, code: 'timeout' as const, why: 'no answer', ...where };
    const resolvers = [{ resolver: 'unbound', forward: blind, reverse: blind }];
    const unseen = {
      ...asked,
      evidence: { ...asked.evidence, snapshot: { lease: { seen: 'empty' as const, ...where }, resolvers } },
    };

    expect(why(unseen, view())).toMatch(/^timeout: /);
    expect(why(unseen, view(), { takeName: true })).toBe('write');
  });
});

describe('what is decided for many', () => {
  const names = fc.constantFrom('alpha', 'beta', 'Alpha', 'gamma');
  const addresses = fc.option(fc.integer({ min: 2, max: 6 }).map(address), { nil: undefined });
  const subjects = fc.array(
    fc
      .tuple(fc.integer({ min: 1, max: 6 }), names, addresses)
      .map(([last, name, asked]) => subject(last, name, asked)),
    { maxLength: 8 },
  );
  const others = fc.array(
    fc
      .record(
        {
          mac: fc.integer({ min: 1, max: 6 }).map(mac),
          name: names,
          address: fc.integer({ min: 2, max: 6 }).map(address),
        },
        { requiredKeys: [] },
      )
      .map(theirs),
    { maxLength: 4 },
  );
  const leases = fc
    .uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 4 })
    .map((all) => all.map((last) => lease(last)));
  const start = fc.record({ subjects, others, leases, adopt: fc.boolean() });
  const lower = (text: string | undefined) => text?.toLowerCase();

  /** Everything decided and written, the other way round too: what it leaves. */
  function writtenFor(given: {
    subjects: ReservationSubject[];
    others: Reservation[];
    leases: Lease[];
    adopt: boolean;
  }) {
    const seen = view({ others: given.others, adoption: 'above' }, given.leases);
    const decisions = decideReservations(given.subjects, seen, { ...policy, adopt: given.adopt });
    const changes = decisions.flatMap((each) => (each.action === 'write' ? [each.difference] : []));
    return { changes, own: changes.reduce((own, each) => changedBy(own, [each]), [] as OwnReservation[]) };
  }

  it('never gives one name or address to two', () => {
    fc.assert(
      fc.property(start, (given) => {
        const { own } = writtenFor(given);
        const taken = own.flatMap((each) => each.address ?? []);
        expect(new Set(own.map(({ name }) => lower(name))).size).toBe(own.length);
        expect(new Set(taken).size).toBe(taken.length);
      }),
    );
  });

  it('never gives away what somebody else reserved or holds', () => {
    fc.assert(
      fc.property(start, (given) => {
        const { own } = writtenFor(given);
        const foreign = (each: OwnReservation) => given.others.filter((other) => other.mac !== each.mac);
        const held = (each: OwnReservation) => given.leases.filter((lease) => lease.mac !== each.mac);
        for (const each of own) {
          expect(foreign(each).map(({ name }) => lower(name))).not.toContain(lower(each.name));
          const taken = [...given.others, ...held(each)].map((other) => other.address ?? 'none');
          expect(taken).not.toContain(each.address);
        }
      }),
    );
  });

  it('has nothing left to write once it was written', () => {
    fc.assert(
      fc.property(start, (given) => {
        const last = new Map(given.subjects.map((each) => [each.mac, each]));
        const single = { ...given, subjects: [...last.values()] };
        const { own } = writtenFor(single);
        const seen = view({ own, others: given.others, adoption: 'above' }, given.leases);
        const again = decideReservations(single.subjects, seen, { ...policy, adopt: given.adopt });
        const written = again.filter(
          (each, index) =>
            each.action === 'write' && own.some(({ mac: its }) => its === single.subjects[index]?.mac),
        );
        expect(written).toEqual([]);
      }),
    );
  });
});
