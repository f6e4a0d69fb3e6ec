import { describe, expect, it } from 'vitest';
import {
  ended,
  leaseLine,
  living,
  rawFindings,
  refusal,
  rulesThatFire,
} from '../../test/support/raw-evidence.ts';
import { networkManagerTexts } from '../../test/support/raw-guest.ts';

const other = 'bc:24:11:00:00:02';
const nameless = leaseLine('*');
const held = (expires = living) => `${nameless}${expires} ${other} 10.2.10.9 alpha 01:${other}\n`;
const rows = [{ type: 'qemu', vmid: 611, node: 'pve1', status: 'running', name: 'beta' }];
const dns = { 'A alpha.mgmt.internal': ['10.2.10.9'], 'PTR 10.2.10.5': [] };

describe('name-held-by-other', () => {
  it('finds the guest whose lease has the name', async () => {
    const others = { 611: { net0: `virtio=${other},bridge=lan` } };

    const findings = await rawFindings({ leases: held(), rows, others, dns });

    expect(findings).toMatchObject([
      {
        rule: 'name-held-by-other',
        severity: 'fault',
        link: 'lease',
        summary:
          'The guest 611 ("beta") holds the name "alpha" at dnsmasq by its lease of 10.2.10.9, so the lease of 10.2.10.5 is left without one.',
        evidence: [
          { what: 'name in the lease', value: 'none' },
          { what: 'name that the client would send now', value: 'alpha' },
          { what: `lease of ${other} (10.2.10.9)`, value: 'alpha', source: 'leases of dnsmasq' },
          { what: `guest with ${other}`, value: 'pve1/611 beta', source: 'configurations of pve' },
        ],
      },
    ]);
    expect(findings[0]?.remedies[0]).toMatchObject({ kind: 'release-name', target: 'guest 611' });
  });

  it('finds a template whose lease has not ended yet', async () => {
    const others = { 9000: { net0: `virtio=${other},bridge=lan` } };

    const [finding] = await rawFindings({ leases: held(), others, dns });

    expect(finding?.summary).toContain('The template 9000 ("tappaas-nixos") holds the name');
    expect(finding?.remedies[0]?.kind).toBe('release-lease');
  });

  it('finds a machine that the cluster does not know', async () => {
    const [finding] = await rawFindings({ leases: held(), rows, dns });

    expect(finding?.summary).toContain(
      `The machine with ${other}, which is no guest that the hypervisor shows, holds`,
    );
    expect(finding?.evidence.at(-1)).toMatchObject({ what: `guest with ${other}`, value: 'none' });
    expect(finding?.remedies[0]?.kind).toBe('release-lease');
  });

  it('names nobody where a guest cannot be read that it may be', async () => {
    const [finding] = await rawFindings({
      leases: held(),
      rows,
      dns,
      others: { 611: refusal('permission-refused') },
    });

    expect(finding?.summary).toContain(`The machine with ${other} holds the name`);
    expect(finding?.evidence.map(({ what }) => what)).not.toContain(`guest with ${other}`);
  });

  it('finds that the other one has it by a reservation, so that asking again does not help', async () => {
    const dnsmasq = `dhcp-host=${other},alpha\n`;

    const [finding] = await rawFindings({ leases: held(), dnsmasq, dns });

    expect(finding?.summary).toContain('and by its reservation in /etc/dnsmasq.conf for good');
    expect(finding?.remedies.map(({ kind }) => kind)).toEqual([
      'edit-reservation',
      'force-renewal',
      'activate-connection',
    ]);
  });

  it('is a risk as long as the one for which the name is reserved holds no lease', async () => {
    const findings = await rawFindings({ dnsmasq: `dhcp-host=${other},alpha\n`, rows });

    expect(findings).toMatchObject([
      {
        rule: 'name-held-by-other',
        severity: 'risk',
        summary: `The name "alpha" is reserved in /etc/dnsmasq.conf for the machine with ${other}, which is no guest that the hypervisor shows: as soon as that leases an address, the lease of 10.2.10.5 is left without a name.`,
        remedies: [{ kind: 'edit-reservation', target: 'dnsmasq' }],
      },
    ]);
  });

  it('leaves a second interface of this machine to its neighbour', async () => {
    const configuration = { net1: `virtio=${other},bridge=lan` };

    expect(await rulesThatFire({ leases: held(), configuration, dns })).toEqual(['own-nics-compete']);
  });

  it('is what a reapply cannot help against', async () => {
    const client = networkManagerTexts({ profiles: [{ name: 'alpha' }], applied: 'alpha' });

    expect(await rulesThatFire({ leases: held(), client, dns })).toEqual([
      'name-held-by-other',
      'reapply-was-a-noop',
    ]);
  });

  it('leaves a machine that does not ask for the name to its neighbour', async () => {
    const client = networkManagerTexts({ profiles: [{ sends: '0' }], options: { host_name: '' } });

    expect(await rulesThatFire({ leases: held(), client, dns })).toEqual(['lease-has-no-name']);
  });

  it.each([
    ['a lease of the other that has ended', { leases: held(ended) }],
    ['no lease of the other', { leases: nameless }],
    [
      'a reservation alone, which keeps nobody from the name',
      { leases: nameless, dnsmasq: `dhcp-host=${other},alpha\n` },
    ],
    ['reservations that cannot be read', { leases: nameless, dnsmasq: refusal('timeout') }],
    ['leases that cannot be read', { leases: refusal('timeout') }],
  ])('is silent with %s', async (_what, changes) => {
    expect(await rulesThatFire(changes)).toEqual([]);
  });

  it('is silent where nobody can see what the client would send', async () => {
    const away = refusal('unreachable');

    expect(await rulesThatFire({ leases: held(), dns, inside: away, ssh: away })).not.toContain(
      'name-held-by-other',
    );
  });
});
