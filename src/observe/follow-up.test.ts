import { describe, expect, it } from 'vitest';
import {
  besideServer,
  leaseLine,
  living,
  type RawSources,
  rawSources,
  refusal,
} from '../../test/support/raw-evidence.ts';
import type { Evidence } from '../domain/evidence.ts';
import { examine } from './examine.ts';
import type { ExamineSources } from './examine-sources.ts';

const other = 'bc:24:11:00:00:02';
const segments = besideServer('other');

/** The machine as it is examined, and what servers, resolvers and hypervisor were asked for besides the first look. */
async function examined(
  changes: RawSources,
): Promise<{ asked: string[]; neighbours: Evidence['neighbours']; evidence: Evidence }> {
  const { signal } = new AbortController();
  const sources = rawSources({ segments, servers: { own: changes, other: {} }, ...changes });
  const asked: string[] = [];
  const { hypervisor } = sources;
  const watched: ExamineSources = {
    ...sources,
    hypervisor: {
      ...hypervisor,
      configuration: (guest, until) => {
        if (guest.ref.vmid !== 610) asked.push(`configuration of ${guest.ref.vmid}`);
        return hypervisor.configuration(guest, until);
      },
    },
    dhcpServer(id) {
      const server = sources.dhcpServer(id);
      return {
        ...server,
        leases: (until) => {
          if (id !== 'own') asked.push(`leases of ${id}`);
          return server.leases(until);
        },
        limits: async (until) => {
          asked.push(`limits of ${id}`);
          return (await server.limits?.(until)) ?? { ranges: [] };
        },
        hostEntries: async (about, until) => {
          asked.push(`host entries of ${id}`);
          return (await server.hostEntries?.(about, until)) ?? [];
        },
      };
    },
    resolver(id) {
      const resolver = sources.resolver(id);
      return {
        ...resolver,
        knows: async (name, until) => {
          asked.push(`${id} about ${name}`);
          return (await resolver.knows?.(name, until)) ?? false;
        },
      };
    },
  };
  const inventory = await hypervisor.guests(signal);
  const guest = inventory.find(({ ref }) => ref.vmid === 610);
  if (guest === undefined) throw new Error('the machine 610 is not in the inventory');
  const evidence = await examine(watched, guest, { inventory, patienceMs: 60_000 }, signal);
  return { asked, neighbours: evidence.neighbours, evidence };
}

const rows = [{ type: 'qemu', vmid: 611, node: 'pve1', status: 'running', name: 'beta' }];
const healthy = { leases: leaseLine('alpha') };

describe('what is asked only where something is wrong', () => {
  it.each<[string, RawSources]>([
    ['a machine that is right', healthy],
    [
      'a fresh clone, whose lease and PTR bear the template’s name',
      {
        leases: leaseLine('tappaas-nixos'),
        dns: { 'A alpha.mgmt.internal': [], 'PTR 10.2.10.5': ['tappaas-nixos.mgmt.internal'] },
      },
    ],
    [
      'a lease without a name that nobody else has',
      { leases: leaseLine('*'), dns: { 'A alpha.mgmt.internal': [], 'PTR 10.2.10.5': [] } },
    ],
    [
      'a guest with a fixed address',
      {
        leases: '',
        configuration: { ipconfig0: 'ip=10.2.10.5/24' },
        client: {},
        guest: { 'if.1.v4': '2: ens18    inet 10.2.10.5/24 scope global ens18 valid_lft forever' },
      },
    ],
    ['a guest that is off', { leases: '', row: { status: 'stopped' } }],
    ['leases that cannot be read', { leases: refusal('timeout') }],
  ])('is nothing of %s', async (_what, changes) => {
    const { asked, neighbours } = await examined(changes);

    expect(asked).toEqual([]);
    expect(Object.keys(neighbours).sort()).toEqual([
      'leases',
      'namesakes',
      'nics',
      'reservations',
      'templates',
    ]);
  });

  it('is a resolver about the domain, where it does not know a name that the lease bears', async () => {
    const { asked, evidence } = await examined({ ...healthy, dns: { 'A alpha.mgmt.internal': [] } });

    expect(asked).toEqual(['unbound about mgmt.internal', 'leases of other']);
    expect(evidence.snapshot.resolvers[0]?.knowsDomain).toMatchObject({ seen: 'value', value: true });
  });

  it.each<[string, RawSources]>([
    ['another address', { ...healthy, dns: { 'A alpha.mgmt.internal': ['10.2.10.77'] } }],
    ['another name of the address', { ...healthy, dns: { 'PTR 10.2.10.5': ['gone.mgmt.internal'] } }],
    [
      'a lease with a name that nobody sends',
      {
        leases: leaseLine('gone'),
        dns: { 'A alpha.mgmt.internal': [], 'PTR 10.2.10.5': ['gone.mgmt.internal'] },
      },
    ],
  ])('is the server about host entries, for %s', async (_what, changes) => {
    const { asked, neighbours } = await examined({ ...changes, hosts: '10.2.10.77 alpha\n10.2.10.8 beta\n' });

    expect(asked).toEqual(['host entries of own']);
    expect(neighbours.hostEntries).toMatchObject({
      seen: 'value',
      source: 'host entries of own',
      value: [{ address: '10.2.10.77', names: ['alpha'] }],
    });
  });

  it('is the hypervisor about who holds the name, those first who are likely to', async () => {
    const leases = `${leaseLine('*')}${living} ${other} 10.2.10.9 alpha *\n`;
    const dns = { 'A alpha.mgmt.internal': [], 'PTR 10.2.10.5': [] };
    const nic = { net0: `virtio=${other},bridge=lan` };

    const guest = await examined({ leases, dns, rows, others: { 611: nic } });
    const template = await examined({ leases, dns, rows, others: { 9000: nic } });

    expect(guest.asked).toEqual(['configuration of 9000', 'configuration of 611']);
    expect(guest.neighbours.holders).toMatchObject({
      value: [{ mac: other, ref: { vmid: 611 }, template: false }],
    });
    expect(template.asked).toEqual(['configuration of 9000']);
    expect(template.neighbours.holders).toMatchObject({ value: [{ name: 'tappaas-nixos', template: true }] });
  });

  it('is the other servers about the machine’s lease, where its own was read and has none', async () => {
    const servers = { own: {}, other: { leases: leaseLine('alpha') } };

    const { asked, neighbours } = await examined({ segments, servers });

    expect(asked).toEqual(['leases of other', 'limits of own']);
    expect(neighbours.room).toMatchObject({ seen: 'value', value: { leases: 0, most: { leases: 1000 } } });
    expect(neighbours.elsewhere).toMatchObject([
      { dhcpServer: 'other', leases: { seen: 'value', value: [{ address: '10.2.10.5', name: 'alpha' }] } },
    ]);
  });

  it('is lost by itself where it cannot be read', async () => {
    const { neighbours } = await examined({
      ...healthy,
      dns: { 'A alpha.mgmt.internal': ['10.2.10.77'] },
      hosts: refusal('not-found'),
    });

    expect(neighbours.hostEntries).toMatchObject({ seen: 'not-observable', code: 'not-found' });
    expect(neighbours.reservations?.seen).toBe('value');
  });
});
