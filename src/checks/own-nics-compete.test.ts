import { describe, expect, it } from 'vitest';
import {
  ended,
  leaseLine,
  living,
  rawFindings,
  refusal,
  rulesThatFire,
} from '../../test/support/raw-evidence.ts';

const configuration = { net1: 'virtio=BC:24:11:00:00:02,bridge=lan' };
const second = (name: string, expires = living) =>
  `${expires} bc:24:11:00:00:02 10.2.10.6 ${name} 01:bc:24:11:00:00:02\n`;

describe('own-nics-compete', () => {
  it('finds the name on the other interface', async () => {
    const findings = await rawFindings({ configuration, leases: leaseLine('*') + second('alpha') });

    expect(findings).toMatchObject([
      {
        rule: 'own-nics-compete',
        severity: 'fault',
        link: 'lease',
        summary:
          'net0 and net1 both lease in mgmt: net1 has the name "alpha", and net0 is left with no name.',
        evidence: [
          { what: 'lease of net0 (10.2.10.5)', value: 'none' },
          { what: 'lease of net1 (10.2.10.6)', value: 'alpha', source: 'leases of dnsmasq' },
        ],
        remedies: [
          { kind: 'silence-nic', disruption: 'renew', how: expect.stringContaining('bc:24:11:00:00:02') },
        ],
      },
    ]);
  });

  it.each(['*', 'alpha'])('is a risk while this interface has the name, and the other %s', async (name) => {
    const findings = await rawFindings({ configuration, leases: leaseLine('alpha') + second(name) });

    expect(findings).toMatchObject([
      {
        rule: 'own-nics-compete',
        severity: 'risk',
        summary: expect.stringContaining('may move at each renewal'),
      },
    ]);
  });

  it('leaves another machine with the same identity to its neighbour', async () => {
    const identity = 'ff:11:22:33:44:00:02:00:00:ab:11:43';
    const clone = `${living} bc:24:11:00:00:09 10.2.10.9 beta ${identity}\n`;

    expect(await rulesThatFire({ client: {}, leases: leaseLine('alpha', identity) + clone })).toEqual([
      'duplicate-client-id',
    ]);
  });

  it.each([
    [
      'an interface in another segment',
      {
        configuration: { net1: 'virtio=BC:24:11:00:00:02,bridge=dmz' },
        leases: leaseLine('alpha') + second('alpha'),
      },
    ],
    [
      'a name of its own on the other',
      { configuration, leases: leaseLine('alpha') + second('alpha-storage') },
    ],
    [
      'a lease of the other that has ended',
      { configuration, leases: leaseLine('alpha') + second('alpha', ended) },
    ],
    ['no lease of the other', { configuration, leases: leaseLine('alpha') }],
    ['leases that cannot be read', { configuration, leases: refusal('timeout') }],
  ])('is silent with %s', async (_what, changes) => {
    expect(await rulesThatFire(changes)).toEqual([]);
  });
});
