import { describe, expect, it } from 'vitest';
import {
  configuration,
  type EvidenceChanges,
  evidence,
  leasesSeen,
  otherLease,
  secondAddress,
  secondMac,
  secondNic,
  summary,
} from '../../test/support/fix-subject.ts';
import { address, at, blind, fullName, mac } from '../../test/support/sample-snapshot.ts';
import type { Address } from '../domain/address.ts';
import { observed } from '../domain/observation.ts';
import { ignoreTag, type Roles, whySpared } from './spare.ts';

const where = { source: 'test', at };
const nobody: Roles = { own: { macs: [] }, hosts: [] };
const nic = { slot: 'net0', mac, bridge: 'lan' } as const;
/** No source but the one under test says an address. */
const quiet = { agent: blind(), snapshot: { guest: blind(), lease: { seen: 'empty', ...where } } } as const;

function server(...hosts: string[]): Roles {
  return { ...nobody, hosts: [{ role: 'resolver', id: 'unbound', hosts }] };
}

describe('whySpared', () => {
  it('spares nobody without a reason', () => {
    expect(whySpared(evidence(), nobody)).toBeUndefined();
    expect(whySpared(evidence(), server('10.2.10.53', 'unbound', 'ns.mgmt.internal'))).toBeUndefined();
  });

  it('spares what bears the tag', () => {
    const tagged = evidence({ guest: summary({ tags: ['web', ignoreTag] }) });

    expect(whySpared(tagged, nobody)).toBe('it bears the tag truename-ignore');
  });

  it.each<[string, Roles['own']]>([
    ['its MAC address', { macs: [mac] }],
    ['the MAC address of its second NIC', { macs: [secondMac] }],
    ['its uuid', { macs: [], uuid: 'uuid' }],
  ])('knows the machine that runs Truename by %s', (_what, own) => {
    const both = evidence({ configuration: observed(configuration({ nics: [nic, secondNic] }), where) });

    expect(whySpared(both, { own, hosts: [] })).toBe('it is the machine that runs Truename');
  });

  it('takes no machine without a uuid for the one that runs Truename without one', () => {
    const { uuid: _, ...without } = configuration();

    expect(whySpared(evidence({ configuration: observed(without, where) }), nobody)).toBeUndefined();
  });

  it.each<[string, Roles, EvidenceChanges]>([
    ['its name, in any letters', server('ALPHA'), {}],
    ['its full name', server(fullName), {}],
    ['the address of its lease', server(address), { ...quiet, snapshot: { guest: blind() } }],
    [
      'the address that it shows itself',
      server(address),
      { ...quiet, snapshot: { lease: quiet.snapshot.lease } },
    ],
    ['the address that its agent shows', server(address), { snapshot: quiet.snapshot }],
    [
      'the fixed address of its NIC',
      server(address),
      { ...quiet, neighbours: { nics: [{ nic: { ...nic, ipv4: { fixed: address } } }] } },
    ],
    [
      'the fixed address of another NIC',
      server(secondAddress),
      {
        ...quiet,
        neighbours: { nics: [{ nic }, { nic: { ...secondNic, ipv4: { fixed: secondAddress } } }] },
      },
    ],
    [
      'the lease of another NIC',
      server(secondAddress),
      {
        ...quiet,
        neighbours: {
          nics: [{ nic }, { nic: secondNic }],
          leases: leasesSeen(otherLease({ mac: secondMac, address: secondAddress })),
        },
      },
    ],
  ])('knows a server by %s', (_what, roles, changes) => {
    expect(whySpared(evidence(changes), roles)).toBe('it is the resolver unbound');
  });

  it('does not take the lease of somebody else for its own', () => {
    const other = otherLease({ address: '10.2.10.53' as Address });

    expect(
      whySpared(evidence({ neighbours: { leases: leasesSeen(other) } }), server('10.2.10.53')),
    ).toBeUndefined();
  });
});
