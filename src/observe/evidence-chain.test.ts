import { describe, expect, it } from 'vitest';
import { leaseLine, type RawSources, rawInput, refusal } from '../../test/support/raw-evidence.ts';
import { networkdTexts, notNixos } from '../../test/support/raw-guest.ts';
import type { LinkName } from '../domain/chain.ts';
import type { Evidence } from '../domain/evidence.ts';
import { observed } from '../domain/observation.ts';
import type { DnsAnswer } from '../domain/ports.ts';
import { evidenceChain } from './evidence-chain.ts';

async function link(name: LinkName, changes: RawSources = {}) {
  const { chain } = await rawInput(changes);
  return chain.links.find((each) => each.link === name);
}

/** The evidence with an answer to AAAA at its resolver. */
async function withIpv6(answer: DnsAnswer<string>, changes: RawSources = {}): Promise<Evidence> {
  const { evidence } = await rawInput(changes);
  const { snapshot } = evidence;
  const [view] = snapshot.resolvers;
  const forward6 = observed(answer, { source: 'unbound', at: evidence.takenAt });
  return {
    ...evidence,
    snapshot: { ...snapshot, resolvers: view === undefined ? [] : [{ ...view, forward6 }] },
  };
}

const ipv6Of = (evidence: Evidence) =>
  evidenceChain(evidence).links.find((each) => each.link === 'forward-ipv6')?.state;

describe('evidenceChain', () => {
  it('has every link of a healthy machine right, or unused', async () => {
    const { chain } = await rawInput();

    const others = chain.links.filter(({ state }) => state !== 'right');
    expect(others.map(({ link: name, state }) => [name, state])).toEqual([
      ['reservation', 'unused'],
      ['forward-ipv6', 'unused'],
    ]);
  });

  it('goes by what the next start gives to cloud-init, and says where it stands', async () => {
    const seed = { user: '#cloud-config\nhostname: beta\n' };

    expect(await link('cloud-init', { seed })).toMatchObject({
      state: 'wrong',
      name: { value: 'beta' },
      note: 'in user-data only',
    });
  });

  it('goes by the guest where nobody can read what it is given', async () => {
    const seed = { user: refusal('permission-refused') };

    expect(await link('cloud-init', { seed })).toMatchObject({ state: 'right', name: { value: 'alpha' } });
  });

  it('does without cloud-init, NixOS and reservations', async () => {
    const changes = { configuration: { ide2: undefined }, guest: notNixos };

    for (const name of ['cloud-init', 'declaration', 'reservation'] as const) {
      expect((await link(name, changes))?.state, name).toBe('unused');
    }
  });

  it('misses the name that NixOS should declare', async () => {
    const guest = { 'nixos.next.name': '\n' };

    expect((await link('declaration', { guest }))?.state).toBe('absent');
  });

  it('holds a reservation against the name', async () => {
    const dnsmasq = 'dhcp-host=bc:24:11:00:00:01,beta\n';

    expect(await link('reservation', { dnsmasq })).toMatchObject({ state: 'wrong', name: { value: 'beta' } });
  });

  it('takes a full name for the name, as DHCP servers do', async () => {
    expect((await link('static', { guest: { 'host.static': 'alpha.mgmt.internal\n' } }))?.state).toBe(
      'right',
    );
  });

  it.each<[string, DnsAnswer<string>, string]>([
    ['none', { status: 'none' }, 'unused'],
    ['a foreign one', { status: 'answered', records: ['fd00::99'] }, 'wrong'],
    ['a zone that is not served', { status: 'not-served', why: 'empty zone' }, 'unserved'],
  ])('judges AAAA records: %s', async (_what, answer, state) => {
    expect(ipv6Of(await withIpv6(answer))).toBe(state);
  });

  it('cannot judge AAAA records of a guest that nobody could enter', async () => {
    const inside = refusal('timeout');
    const answer = { status: 'answered' as const, records: ['fd00::5'] };

    expect(ipv6Of(await withIpv6(answer, { inside, ssh: inside }))).toBe('unknown');
  });

  it('does not look into Windows', async () => {
    const { chain } = await rawInput({ configuration: { ostype: 'win11' } });

    const unsupported = chain.links.filter(({ state }) => state === 'unsupported').map((each) => each.link);
    expect(unsupported).toEqual(['declaration', 'static', 'transient', 'dhcp-client', 'next-boot']);
  });

  it('takes a fixed address for what it is, and holds DNS against it', async () => {
    const changes = {
      configuration: { ipconfig0: 'ip=10.2.10.5/24' },
      inside: refusal('timeout'),
      ssh: refusal('timeout'),
      leases: '',
    };
    const { chain } = await rawInput(changes);

    const states = Object.fromEntries(chain.links.map((each) => [each.link, each.state]));
    expect(states).toMatchObject({
      'dhcp-client': 'unused',
      lease: 'unused',
      reservation: 'unused',
      forward: 'right',
    });
    expect(
      (await link('forward', { ...changes, dns: { 'A alpha.mgmt.internal': ['10.2.10.6'] } }))?.state,
    ).toBe('wrong');
  });

  it('says that a lease is missing where the guest asks for one', async () => {
    expect((await link('lease', { leases: '', client: networkdTexts(), guest: notNixos }))?.state).toBe(
      'absent',
    );
  });

  it('never takes what it could not read for empty', async () => {
    const leases = refusal('unreachable');

    expect(await link('lease', { leases })).toMatchObject({
      state: 'unknown',
      name: { seen: 'not-observable', code: 'unreachable' },
    });
    expect((await link('lease', { leases: leaseLine('*') }))?.state).toBe('absent');
  });
});
