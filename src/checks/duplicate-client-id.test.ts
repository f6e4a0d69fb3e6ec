import { describe, expect, it } from 'vitest';
import {
  ended,
  leaseLine,
  living,
  rawFindings,
  refusal,
  rulesThatFire,
} from '../../test/support/raw-evidence.ts';
import { networkdTexts, networkManagerTexts } from '../../test/support/raw-guest.ts';

const duid = '00:02:00:00:ab:11:43:84:cb:96:2f:1a:02:73';
const own = `ff:11:22:33:44:${duid}`;
const client = networkdTexts({ clientId: own.replaceAll(':', '') });
const twin = (clientId: string, address = '10.2.10.9', mac = 'bc:24:11:00:00:02', expires = living) =>
  `${expires} ${mac} ${address} beta ${clientId}\n`;

describe('duplicate-client-id', () => {
  it('finds a clone that has this machine’s lease', async () => {
    const findings = await rawFindings({ client, leases: twin(own, '10.2.10.5') });
    const finding = findings.find((each) => each.rule === 'duplicate-client-id');

    expect(finding).toMatchObject({
      severity: 'fault',
      link: 'dhcp-client',
      summary:
        'The machine with bc:24:11:00:00:02 leases 10.2.10.5 under the same DHCP identity (client identifier), and this machine has no lease of its own.',
      evidence: [
        { what: 'client identifier of this machine', value: own },
        {
          what: 'client identifier of bc:24:11:00:00:02 at 10.2.10.5',
          value: own,
          source: 'leases of dnsmasq',
        },
        { what: 'lease of this machine', value: 'none' },
        { what: 'machine-id' },
      ],
    });
    expect(finding?.remedies.map(({ kind, disruption }) => [kind, disruption])).toEqual([
      ['client-id-by-mac', 'bounce'],
      ['new-machine-id', 'reboot'],
    ]);
  });

  it('is a fault where the machine has no lease at all, whatever the address of the other', async () => {
    const findings = await rawFindings({ client, leases: twin(own) });

    expect(findings.find((each) => each.rule === 'duplicate-client-id')).toMatchObject({ severity: 'fault' });
  });

  it('is a risk where only the DUID is the same and both have leases', async () => {
    const findings = await rawFindings({
      client,
      leases: leaseLine('alpha', own) + twin(`ff:55:66:77:88:${duid}`),
    });

    expect(findings).toMatchObject([
      { rule: 'duplicate-client-id', severity: 'risk', summary: expect.stringContaining('(DUID)') },
    ]);
  });

  it('is a fault where the machine uses the address of the other lease', async () => {
    const findings = await rawFindings({
      client,
      leases: leaseLine('alpha', own).replace('10.2.10.5', '10.2.10.8') + twin(own, '10.2.10.5'),
    });

    expect(findings.find((each) => each.rule === 'duplicate-client-id')).toMatchObject({ severity: 'fault' });
  });

  it('goes by the machine’s own lease where the client does not say', async () => {
    const leases = leaseLine('alpha', own) + twin(own);
    const texts = networkManagerTexts({ options: { dhcp_client_identifier: 'unknown' } });

    expect(await rulesThatFire({ client: texts, leases })).toEqual(['duplicate-client-id']);
  });

  it('leaves a second interface of this machine to its neighbour', async () => {
    const changes = {
      client,
      configuration: { net1: 'virtio=BC:24:11:00:00:02,bridge=lan' },
      leases: leaseLine('alpha', own) + twin(own).replace('beta', '*'),
    };

    expect(await rulesThatFire(changes)).toEqual(['own-nics-compete']);
  });

  it.each([
    ['an identity of another kind', leaseLine('alpha', own) + twin('01:bc:24:11:00:00:02')],
    ['a lease that has ended', leaseLine('alpha', own) + twin(own, '10.2.10.9', 'bc:24:11:00:00:02', ended)],
    ['leases that cannot be read', refusal('timeout')],
  ])('is silent with %s', async (_what, leases) => {
    expect(await rulesThatFire({ client, leases })).toEqual([]);
  });
});
