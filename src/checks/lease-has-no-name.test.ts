import { describe, expect, it } from 'vitest';
import { leaseLine, rawFindings, refusal, rulesThatFire } from '../../test/support/raw-evidence.ts';
import { dhcpcdTexts, networkManagerTexts } from '../../test/support/raw-guest.ts';

const leases = leaseLine('*');
const silent = networkManagerTexts({ profiles: [{ sends: '0' }], options: { host_name: '' } });
const unreachable = refusal('unreachable');

describe('lease-has-no-name', () => {
  it('finds a client that is set to send none', async () => {
    const findings = await rawFindings({ leases, client: silent });

    expect(findings).toMatchObject([
      {
        rule: 'lease-has-no-name',
        severity: 'fault',
        link: 'lease',
        summary:
          'The lease of 10.2.10.5 has no name, and the guest would send none: the connection profile is set to send no name.',
        evidence: [
          { what: 'name in the lease', value: 'none' },
          { what: 'name that the client would send now', value: 'none' },
          { what: 'why it would send none' },
          { what: 'static name', value: 'alpha' },
        ],
      },
    ]);
    expect(findings[0]?.remedies.map((each) => each.kind)).toEqual(['set-profile-name', 'reserve-name']);
    expect(findings[0]?.remedies[0]?.how).toContain('ipv4.dhcp-send-hostname yes');
  });

  it('finds dhcpcd without a hostname line', async () => {
    const [finding] = await rawFindings({ leases, client: dhcpcdTexts('option host_name\n') });

    expect(finding).toMatchObject({ rule: 'lease-has-no-name' });
    expect(finding?.remedies.map((each) => each.kind)).toEqual([
      'edit-client-configuration',
      'force-renewal',
      'reserve-name',
    ]);
  });

  it('leaves a lease with a template’s name to its neighbour, and one whose client sends the name alone', async () => {
    expect(await rulesThatFire({ leases: leaseLine('tappaas-nixos') })).toEqual(['lease-name-is-template']);
    expect(await rulesThatFire({ leases })).toEqual([]);
  });

  it('is silent about a lease that has its name, although the client would send none', async () => {
    expect(await rulesThatFire({ client: silent })).toEqual([]);
  });

  it('is silent where nobody can see what the client would send, or the lease', async () => {
    const blind = await rulesThatFire({ leases, inside: unreachable, ssh: unreachable });

    expect(blind).not.toContain('lease-has-no-name');
    expect(await rulesThatFire({ leases, client: {} })).toEqual([]);
    expect(await rulesThatFire({ leases: refusal('timeout'), client: silent })).not.toContain(
      'lease-has-no-name',
    );
  });
});
