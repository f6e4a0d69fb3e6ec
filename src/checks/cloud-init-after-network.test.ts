import { describe, expect, it } from 'vitest';
import { leaseLine, rawFindings, rawInput, refusal, rulesThatFire } from '../../test/support/raw-evidence.ts';
import {
  cloudInitUnits,
  dhclientTexts,
  networkdTexts,
  networkManagerTexts,
  notNixos,
  systemTexts,
} from '../../test/support/raw-guest.ts';
import { diagnose } from './diagnose.ts';

const leases = leaseLine('*');
const unreachable = refusal('unreachable');
/** As the NixOS module has it: nothing of the network waits for the network stage. The booted system declares no name. */
const late = {
  ...systemTexts('booted', ''),
  'ci.units': cloudInitUnits('sshd.service shutdown.target'),
};

describe('cloud-init-after-network', () => {
  it('finds a name in user-data only, and NetworkManager first', async () => {
    const findings = await rawFindings({ leases, guest: late });

    expect(findings).toMatchObject([
      {
        rule: 'cloud-init-after-network',
        severity: 'fault',
        link: 'cloud-init',
        summary:
          'cloud-init was given "alpha" in user-data only, and runs after NetworkManager has asked: the lease bears no name.',
        evidence: [
          { what: 'name in the user-data', value: 'alpha' },
          { what: 'local-hostname in the meta-data', value: 'none' },
          {
            what: 'units before which cloud-init reads user-data',
            value: 'sshd.service shutdown.target',
          },
          { what: 'name in the lease', value: 'none' },
        ],
        remedies: [{ kind: 'reserve-name' }, { kind: 'force-renewal' }, { kind: 'order-before-network' }],
      },
    ]);
  });

  it('is why a lease bears the template’s name', async () => {
    const { evidence, chain } = await rawInput({ leases: leaseLine('tappaas-nixos'), guest: late });

    expect(diagnose(evidence, chain).findings.map(({ rule, causedBy }) => [rule, causedBy])).toEqual([
      ['cloud-init-after-network', undefined],
      ['lease-name-is-template', 'cloud-init-after-network'],
    ]);
  });

  it.each([
    ['systemd-networkd', networkdTexts({ acknowledged: 'tappaas-nixos' })],
    ['ISC dhclient', dhclientTexts('send host-name = gethostname();\n')],
  ])('finds %s, which starts before ordinary services do', async (_client, client) => {
    const guest = { ...notNixos, 'ci.units': cloudInitUnits('sysinit.target network-online.target') };

    const rules = await rulesThatFire({ leases: leaseLine('tappaas-nixos'), guest, client });

    expect(rules[0]).toBe('cloud-init-after-network');
    expect(rules).toContain('lease-name-is-template');
  });

  it('leaves a machine whose cloud-init comes first to its neighbour', async () => {
    const guest = { ...late, 'ci.units': cloudInitUnits('NetworkManager.service') };

    expect(await rulesThatFire({ leases: leaseLine('tappaas-nixos'), guest })).toEqual([
      'lease-name-is-template',
    ]);
  });

  it('leaves a client that would send another name to what makes it do so', async () => {
    const client = networkManagerTexts({ profiles: [{ name: 'old' }] });

    expect(await rulesThatFire({ leases, guest: late, client })).toEqual(['client-sends-old-name']);
  });

  it.each([
    ['a name that no template has', { leases: leaseLine('beta'), guest: late }],
    [
      'a Debian whose network stage comes before all ordinary services',
      { leases, guest: { ...notNixos, 'ci.units': cloudInitUnits('sysinit.target') } },
    ],
    [
      'an ordering that systemd did not tell',
      { leases, guest: { ...late, 'ci.units.rc': '124', 'ci.units': '' } },
    ],
    ['a name in the meta-data', { leases, guest: { ...late, 'ci.local': '"alpha"' } }],
    [
      'a system that was booted with a name of its own',
      { leases, guest: { ...late, ...systemTexts('booted', 'alpha') } },
    ],
    ['no cloud-init', { leases, guest: { ...late, 'ci.installed': undefined } }],
    ['a lease that cannot be read', { leases: refusal('timeout'), guest: late }],
  ])('is silent with %s', async (_what, changes) => {
    expect(await rulesThatFire(changes)).toEqual([]);
  });

  it('leaves a name that the server was told to give to its neighbour', async () => {
    const dnsmasq = 'dhcp-host=bc:24:11:00:00:01,tappaas-nixos\n';

    expect(await rulesThatFire({ leases: leaseLine('tappaas-nixos'), guest: late, dnsmasq })).toEqual([
      'server-overrides-name',
    ]);
  });

  it('is silent where nobody could enter', async () => {
    expect(await rulesThatFire({ leases, guest: late, inside: unreachable, ssh: unreachable })).not.toContain(
      'cloud-init-after-network',
    );
  });
});
