import { describe, expect, it } from 'vitest';
import { dhcpcdClient, networkdClient, snapshotWith, viewWith } from '../../test/support/client-states.ts';
import {
  configuration,
  type EvidenceChanges,
  otherLease,
  policy,
  subject,
  summary,
} from '../../test/support/fix-subject.ts';
import { address, at, blind, mac, type SnapshotChanges } from '../../test/support/sample-snapshot.ts';
import { observed } from '../domain/observation.ts';
import { type Decision, decide, type FixPolicy } from './decide.ts';

const where = { source: 'test', at };
const wrong: SnapshotChanges = { lease: { name: 'tappaas-nixos' } };
const emptyLease = { seen: 'empty', ...where } as const;

function of(changes: EvidenceChanges, by: Partial<FixPolicy> = {}, named = false): Decision {
  return decide(subject(changes, { named }), policy(by));
}

describe('decide', () => {
  it('does nothing with a guest whose name is right and lasts, and shows the proof', () => {
    expect(of({})).toMatchObject({
      action: 'none',
      why: 'its name is right, and lasts',
      proof: { proven: true },
    });
  });

  it('mends a wrong lease by the gentlest rungs, within the limits, and names what was withheld', () => {
    const decision = of({ snapshot: wrong });

    expect(decision).toMatchObject({ action: 'mend', silences: [], notes: [] });
    if (decision.action !== 'mend') return;
    expect(decision.rungs.map(({ kind }) => kind)).toEqual([
      'refresh-static-name',
      'force-renewal',
      'activate-connection',
    ]);
    expect(decision.withheld.map(({ kind }) => kind)).toEqual(['bounce-connection', 'reboot-guest']);
  });

  it.each<[string, EvidenceChanges]>([
    [
      'has a fixed address by the word of its hypervisor',
      {
        nic: { slot: 'net0', mac, ipv4: { fixed: address } },
        snapshot: { guest: blind(), lease: emptyLease },
      },
    ],
    [
      'shows a fixed address itself',
      {
        snapshot: {
          lease: emptyLease,
          guest: observed(
            {
              ...viewWith({}),
              client: undefined,
              interfaces: [
                { device: 'ens18', mac, above: [], addresses: [{ address, dynamic: false }], ipv6: [] },
              ],
            },
            where,
          ),
        },
      },
    ],
    [
      'has no network interface',
      {
        nic: undefined,
        segment: undefined,
        snapshot: { guest: blind(), lease: emptyLease },
      },
    ],
  ])('does nothing with a guest that %s', (_what, changes) => {
    expect(of(changes)).toMatchObject({ action: 'none' });
  });

  it.each<[string, EvidenceChanges, string, string]>([
    ['the configuration', { configuration: blind('no VM.Audit') }, 'timeout', 'no VM.Audit'],
    ['the guest', { snapshot: { ...wrong, guest: blind('agent silent') } }, 'timeout', 'agent silent'],
    ['the guest, while all else is right', { snapshot: { guest: blind() } }, 'timeout', 'no answer'],
    ['the leases', { snapshot: { lease: blind('ssh refused') } }, 'timeout', 'ssh refused'],
    [
      'a resolver',
      { snapshot: { forward: blind('port closed') } },
      'unreachable',
      'forward (unbound): port closed',
    ],
    ['the segment', { segment: undefined, fqdn: undefined }, 'segment-unknown', 'no segment holds net0'],
  ])('says that nobody could look at %s, and never that it is absent', (_what, changes, code, why) => {
    expect(of(changes)).toEqual({ action: 'unseen', code, why });
  });

  it.each<[string, EvidenceChanges, string]>([
    ['runs Windows', { configuration: observed(configuration({ osType: 'win11' }), where) }, 'unsupported'],
    ['does not run', { guest: summary({ power: 'stopped' }) }, 'guest-off'],
    ['bears a tag to be left alone', { guest: summary({ tags: ['truename-ignore'] }) }, 'spared'],
    ['asks for a reserved name', { wanted: 'wpad' }, 'name-conflict'],
    [
      'has a name that another lease bears',
      {
        snapshot: wrong,
        neighbours: { leases: observed([otherLease()], where) },
      },
      'name-conflict',
    ],
    [
      'was called otherwise on purpose',
      { snapshot: { ...wrong, guest: { host: { static: 'web7' } } } },
      'set-on-purpose',
    ],
    ['is told to send no name', { snapshot: { guest: { client: { sendsName: false } } } }, 'set-on-purpose'],
    [
      'is reserved under another name',
      {
        snapshot: wrong,
        reservation: observed({ mac, name: 'printer', file: '/etc/dnsmasq.conf' }, where),
      },
      'reserved-otherwise',
    ],
    [
      'is looked up wrongly, and is right itself',
      { snapshot: { forward: { status: 'none' } } },
      'not-the-guest',
    ],
    [
      'declares another name of a template for the next boot',
      {
        snapshot: { guest: { nixos: { next: { ...nixos('tappaas-nixos') } } } },
      },
      'will-not-last',
    ],
  ])('leaves a guest that %s, and says so', (_what, changes, reason) => {
    expect(of(changes)).toMatchObject({ action: 'left', reason });
  });

  it('leaves ISC dhclient to a person', () => {
    const { now, nextBoot, ...common } = networkdClient();
    const { dropIns: _, ...rest } = common;
    const client = { ...rest, kind: 'dhclient', processes: [800], now, nextBoot } as const;

    expect(of({ snapshot: snapshotWith({ client }, 'tappaas-nixos') })).toMatchObject({
      action: 'left',
      reason: 'unsupported',
    });
  });

  it.each<[string, EvidenceChanges]>([
    ['bears the tag', { guest: summary({ tags: ['truename-ignore'] }) }],
    ['runs Truename', { configuration: observed(configuration({ uuid: 'own' }), where) }],
    ['is a server', { nic: { slot: 'net0', mac, ipv4: { fixed: address } } }],
  ])('spares the guest that %s, and mends it where it is named itself', (_what, changes) => {
    const roles = {
      own: { macs: [], uuid: 'own' },
      hosts: [{ role: 'DHCP server', id: 'dnsmasq', hosts: [address] }],
    };
    const apart = { ...roles, hosts: [] };
    const by = { roles: 'nic' in changes ? roles : apart };

    expect(of({ snapshot: wrong, ...changes }, by)).toMatchObject({ action: 'left', reason: 'spared' });
    expect(of({ snapshot: wrong, ...changes }, by, true)).toMatchObject({ action: 'mend' });
  });

  it('takes a name from whoever has it only when that was asked for', () => {
    const changes = { snapshot: wrong, neighbours: { leases: observed([otherLease()], where) } };

    expect(of(changes, { takeName: true })).toMatchObject({ action: 'mend' });
  });

  it('takes a name that somebody set on purpose away only when that was asked for', () => {
    const changes = { snapshot: { ...wrong, guest: { client: { savedName: 'web7', appliedName: 'web7' } } } };

    expect(of(changes, { adoptHypervisor: true })).toMatchObject({ action: 'mend' });
    expect(of(changes, { adoptGuest: true })).toMatchObject({ action: 'rename', name: 'web7' });
  });

  it('lets a profile send its name again only when that was asked for', () => {
    const silent = { guest: { client: { sendsName: false } } };

    const decision = of({ snapshot: silent }, { adoptHypervisor: true });

    expect(decision).toMatchObject({ action: 'mend', rungs: [{ kind: 'set-profile-name', copy: 'saved' }] });
  });

  it('takes a name that Truename itself wrote for nobody’s purpose', () => {
    const before = { guest: { client: { savedName: 'web6', appliedName: 'web6' } }, lease: { name: 'web6' } };

    expect(decide(subject({ snapshot: before }, { lastWritten: 'web6' }), policy())).toMatchObject({
      action: 'mend',
    });
  });

  it('names the rung that it would take where the limits allow none', () => {
    const decision = of({ snapshot: wrong }, { limits: { disruption: 'none', reach: 'guest' } });

    expect(decision).toMatchObject({
      action: 'left',
      reason: 'beyond-limits',
      why: 'it would take refresh-static-name (renew)',
      withheld: [{}, {}, {}, {}, {}],
    });
  });

  it('says of a machine that is right on NixOS what would make it last', () => {
    const written = {
      from: 'profile',
      name: 'alpha',
      file: '/run/systemd/network/x.d/zz-truename.conf',
    } as const;
    const named = {
      ...viewWith({ client: networkdClient({ now: written }) }),
      nixos: { booted: undefined, current: undefined, next: nixos('tappaas-nixos') },
    };

    const decision = of({ snapshot: { guest: observed(named, where) } });

    expect(decision).toMatchObject({
      action: 'left',
      reason: 'will-not-last',
      why: 'the next boot sends tappaas-nixos (transient)',
    });
  });

  it('is not content with a resolver without reverse zone where one is required', () => {
    const unserved = { reverse: { status: 'not-served', why: 'empty zone' } } as const;

    expect(of({ snapshot: unserved })).toMatchObject({ action: 'none' });
    expect(of({ snapshot: unserved }, { reverseRequired: true })).toMatchObject({
      action: 'left',
      reason: 'not-the-guest',
      why: 'reverse (unbound): empty zone',
    });
  });
});

describe('decide, with several NICs in one domain', () => {
  const other = viewWith({ client: networkdClient({ device: 'ens19' }), debian: true });
  const by = policy();

  it('silences the other NIC, although the name is right', () => {
    expect(decide(subject({}, { others: [other] }), by)).toMatchObject({
      action: 'mend',
      rungs: [],
      silences: [{ kind: 'silence-link', device: 'ens19' }],
    });
  });

  it('names the silence that the limits forbid', () => {
    const limits = { disruption: 'none', reach: 'guest' } as const;

    expect(decide(subject({}, { others: [other] }), policy({ limits }))).toMatchObject({
      action: 'left',
      reason: 'beyond-limits',
      why: 'it would take silence-link (renew)',
      withheld: [{ kind: 'silence-link' }],
    });
  });

  it('says which NIC cannot be silenced', () => {
    const loud = viewWith({ client: dhcpcdClient({ device: 'ens19' }) });

    expect(decide(subject({ snapshot: wrong }, { others: [loud] }), by)).toMatchObject({
      action: 'mend',
      silences: [],
      notes: [expect.stringContaining('ens19 asks for the same name')],
    });
  });

  it('finds nothing to do once the other NIC is silent', () => {
    const nothing = { from: 'nothing', why: 'SendHostname=no' } as const;
    const silent = viewWith({ client: networkdClient({ now: nothing, nextBoot: nothing }) });

    expect(decide(subject({}, { others: [silent] }), by)).toMatchObject({ action: 'none' });
  });

  it('does not silence anew what the next boot alone makes loud again', () => {
    const nothing = { from: 'nothing', why: 'SendHostname=no' } as const;
    const silent = viewWith({ client: networkdClient({ device: 'ens19', now: nothing }) });

    expect(decide(subject({}, { others: [silent] }), by)).toMatchObject({
      action: 'left',
      reason: 'will-not-last',
      why: 'after the next boot ens19 asks for the same name again',
    });
  });
});

/** A NixOS system that declares a name. */
function nixos(declaredName: string) {
  return { path: '/nix/store/x', declaredName, kernel: 'k', initrd: 'i', kernelModules: 'm' };
}
