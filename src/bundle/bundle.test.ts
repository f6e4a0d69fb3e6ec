import { describe, expect, it } from 'vitest';
import {
  besideServer,
  leaseLine,
  type RawSources,
  rawInput,
  refusal,
} from '../../test/support/raw-evidence.ts';
import {
  dhclientTexts,
  dhcpcdTexts,
  networkdTexts,
  networkManagerTexts,
  notNixos,
} from '../../test/support/raw-guest.ts';
import { diagnose } from '../checks/diagnose.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Mac } from '../domain/mac.ts';
import { evidenceChain } from '../observe/evidence-chain.ts';
import { type Bundle, makeBundle, readBundle, renderBundle } from './bundle.ts';

const made = { madeAt: '2026-01-01T12:00:00.000Z', version: '0.0.0' };
const lost = refusal('unreachable');

const twoSegments = besideServer('other');

/** Machines in very different states, between which every part of the evidence occurs. */
const states: readonly [string, RawSources][] = [
  ['healthy', {}],
  ['NetworkManager with a stale profile', { client: networkManagerTexts({ profiles: [{ name: 'old' }] }) }],
  ['systemd-networkd', { client: networkdTexts(), guest: notNixos, leases: leaseLine('tappaas-nixos') }],
  ['dhcpcd', { client: dhcpcdTexts('hostname\n'), guest: notNixos }],
  ['dhclient', { client: dhclientTexts('send host-name = gethostname();\n'), guest: notNixos }],
  ['nobody could look', { inside: lost, ssh: lost, leases: lost, agent: lost, seed: { user: lost } }],
  ['a fixed address', { configuration: { ipconfig0: 'ip=10.2.10.5/24' }, client: {}, leases: '' }],
  ['Windows', { configuration: { ostype: 'win11' } }],
  [
    'a reservation and no reverse zone',
    { dnsmasq: 'dhcp-host=bc:24:11:00:00:01,beta\n', dns: { 'PTR 10.2.10.5': 'not-served' } },
  ],
  [
    'an address that is reserved twice',
    { dnsmasq: 'dhcp-host=bc:24:11:00:00:02,beta,10.2.10.5\ndhcp-host=bc:24:11:00:00:01,alpha,10.2.10.5\n' },
  ],
  ['a resolver that knows the domain alone', { dns: { 'A alpha.mgmt.internal': [] } }],
  [
    'a host entry, and a reservation by name',
    {
      dnsmasq: 'dhcp-host=alpha,10.2.10.8\n',
      dns: { 'A alpha.mgmt.internal': ['10.2.10.9'] },
      hosts: '10.2.10.9 alpha.mgmt.internal\n',
    },
  ],
  [
    'a name that a template holds',
    {
      leases: `${leaseLine('*')}${leaseLine('alpha').replaceAll('00:00:01', 'ff:90:00')}`,
      dns: { 'A alpha.mgmt.internal': [], 'PTR 10.2.10.5': [] },
    },
  ],
  ['a full server', { leases: '', dnsmasq: 'dhcp-range=10.2.10.2,10.2.10.9\ndhcp-lease-max=0\n' }],
  [
    'a lease at another server',
    { segments: twoSegments, servers: { own: {}, other: { leases: leaseLine('alpha') } } },
  ],
];

async function evidenceOf(changes: RawSources): Promise<Evidence> {
  const { evidence } = await rawInput(changes);
  const message = {
    at: evidence.takenAt,
    type: 'REQUEST' as const,
    mac: 'bc:24:11:00:00:01' as Mac,
    hostName: 'alpha',
    fqdn: 'alpha.mgmt.internal',
    fqdnFlags: 1,
  };
  const wire = { port: 'tap610i0', seconds: 5, unreadable: 0, messages: [message] };
  return { ...evidence, wire: { seen: 'value', source: 'wire', at: evidence.takenAt, value: wire } };
}

function diagnosed({ machines }: Bundle): string {
  return JSON.stringify(machines.map((each) => diagnose(each, evidenceChain(each))));
}

describe('a bundle', () => {
  it.each(states)('is read as it was written, with the same findings: %s', async (_what, changes) => {
    const bundle = makeBundle([await evidenceOf(changes)], made);

    const read = readBundle(renderBundle(bundle), 'test');

    expect(read).toEqual(JSON.parse(renderBundle(bundle)));
    expect(diagnosed(read)).toBe(diagnosed(bundle));
  });

  it('is read as well where it was made before servers were asked for more', async () => {
    const evidence = await evidenceOf({ dns: { 'A alpha.mgmt.internal': [] } });
    const { reservations: _, ...neighbours } = evidence.neighbours;
    const resolvers = evidence.snapshot.resolvers.map(({ knowsDomain: __, ...rest }) => rest);
    const older = { ...evidence, neighbours, snapshot: { ...evidence.snapshot, resolvers } };

    const read = readBundle(renderBundle(makeBundle([older], made)), 'test');

    const [machine] = read.machines.map((each) => diagnose(each, evidenceChain(each)).findings);
    expect(machine?.map(({ rule }) => rule)).toEqual(['dns-not-following-lease']);
  });

  it('holds nothing that was secret at its source', async () => {
    const secret = 'zqsecret';
    const bundle = makeBundle(
      [
        await evidenceOf({
          configuration: { cipassword: secret, sshkeys: secret, description: secret, args: secret },
          seed: {
            user: `#cloud-config\nhostname: alpha\npassword: ${secret}\nssh_authorized_keys: [${secret}]\n`,
          },
          guest: { 'nm.saved': `wifi-sec.psk:${secret}\n` },
        }),
      ],
      made,
    );

    expect(renderBundle(bundle)).not.toContain(secret);
  });
});

describe('readBundle', () => {
  it.each([
    ['no JSON', '{', /no JSON/],
    ['another version', '{"schema":"truename/bundle/2"}', /truename\/bundle\/2/],
    ['something else', '{"schema":"truename/doctor/1","machines":[]}', /no bundle: schema/],
    ['a list', '[]', /no bundle/],
    ['nothing', 'null', /no bundle/],
    ['nesting without end', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, /no (?:bundle|JSON)/],
  ])('refuses %s', (_what, text, message) => {
    expect(() => readBundle(text, 'file')).toThrow(
      expect.objectContaining({
        code: 'bundle-invalid',
        where: 'file',
        message: expect.stringMatching(message),
      }),
    );
  });

  it('says where it is wrong, and repeats nothing of it', async () => {
    const text = renderBundle(makeBundle([await evidenceOf({})], made));
    const evil = text
      .replaceAll('"value": "alpha"', '"value": 7')
      .replaceAll('bc:24:11:00:00:01', '\\u001b[2Jevil');

    expect(() => readBundle(evil, 'file')).toThrow(
      expect.objectContaining({
        code: 'bundle-invalid',
        message: expect.stringMatching(
          /^it is no bundle: machines\.0\.[a-z0-9.]+ is not what stands there$/i,
        ),
      }),
    );
  });

  it('takes no prototype from a file', async () => {
    const text = renderBundle(makeBundle([await evidenceOf({})], made)).replace(
      '{',
      '{"__proto__":{"evil":1},',
    );

    expect((readBundle(text, 'file') as { evil?: unknown }).evil).toBeUndefined();
  });
});
