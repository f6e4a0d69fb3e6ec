import { describe, expect, it } from 'vitest';
import { leaseLine, type RawSources, rawInput, refusal } from '../../test/support/raw-evidence.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Observation } from '../domain/observation.ts';

async function evidenceOf(changes: RawSources = {}): Promise<Evidence> {
  return (await rawInput(changes)).evidence;
}

/** What could not be looked at, by name. */
function blindSpots(evidence: Evidence): string[] {
  const seen: Record<string, Observation<unknown>> = {
    configuration: evidence.configuration,
    seed: evidence.seed,
    agent: evidence.agent,
    guest: evidence.snapshot.guest,
    lease: evidence.snapshot.lease,
    reservation: evidence.reservation,
    neighbours: evidence.neighbours.leases,
  };
  return Object.entries(seen).flatMap(([name, each]) => (each.seen === 'not-observable' ? [name] : []));
}

describe('examine', () => {
  it('sees all of a healthy machine, and says by which way it went in', async () => {
    const evidence = await evidenceOf();

    expect(blindSpots(evidence)).toEqual([]);
    expect(evidence).toMatchObject({
      wanted: 'alpha',
      fqdn: 'alpha.mgmt.internal',
      entry: { way: 'agent' },
      hostKeys: 'not-pinned',
      neighbours: { templates: ['tappaas-nixos'], namesakes: [] },
    });
    expect(evidence).not.toHaveProperty('wire');
  });

  it.each<[string, RawSources, string[]]>([
    ['the list of interfaces', { agent: refusal('agent-silent') }, ['agent']],
    ['what cloud-init is given', { seed: { user: refusal('permission-refused') } }, ['seed']],
    ['the reservations', { dnsmasq: refusal('not-found') }, ['reservation']],
    ['the leases', { leases: refusal('unreachable') }, ['lease', 'neighbours']],
    ['the guest', { inside: refusal('agent-silent'), ssh: refusal('unreachable') }, ['guest']],
  ])('loses %s and nothing else when that fails', async (_what, changes, lost) => {
    expect(blindSpots(await evidenceOf(changes))).toEqual(lost);
  });

  it('goes by ssh where the agent fails, to the address of the lease', async () => {
    const { entry } = await evidenceOf({ inside: refusal('permission-refused', 'Permission check failed') });

    expect(entry.way).toBe('ssh');
    expect(entry.tried).toMatchObject([
      { way: 'agent', outcome: 'failed', code: 'permission-refused' },
      { way: 'ssh', outcome: 'used', why: 'at 10.2.10.5' },
    ]);
  });

  it('sees the interfaces of a container that nobody can enter, and compares the names with its address', async () => {
    const { snapshot, agent, entry } = await evidenceOf({
      row: { type: 'lxc' },
      leases: '',
      ...{ inside: refusal('program-missing'), ssh: refusal('unreachable') },
    });

    expect(entry.way).toBeUndefined();
    expect(agent).toMatchObject({
      seen: 'value',
      value: [{ name: 'lo' }, { mac: 'bc:24:11:00:00:01', addresses: ['10.2.10.5'] }],
      source: 'interfaces of pve1/610',
    });
    expect(snapshot.resolvers.map(({ reverse }) => reverse.seen)).toEqual(['value']);
  });

  it('asks no resolver and no server where no segment holds the machine', async () => {
    const { segment, snapshot, fqdn } = await evidenceOf({
      configuration: { net0: 'virtio=BC:24:11:00:00:01,bridge=other' },
    });

    expect([segment, fqdn, snapshot.resolvers]).toEqual([undefined, undefined, []]);
    expect(snapshot.lease).toMatchObject({ seen: 'not-observable', code: 'segment-unknown' });
  });

  it('knows other guests that would bear the same name', async () => {
    const rows = [{ type: 'qemu', vmid: 611, node: 'pve1', status: 'running', name: 'Alpha.example' }];

    const { neighbours } = await evidenceOf({ rows });

    expect(neighbours.namesakes.map(({ name }) => name)).toEqual(['Alpha.example']);
  });

  it.each([
    ['as-pinned', 'A'],
    ['differ', 'B'],
  ])('compares host keys with the pinned ones: %s', async (hostKeys, letter) => {
    const key = (of: string) => `ssh-ed25519 ${of.repeat(68)}`;

    const evidence = await evidenceOf({ guest: { 'keys.1': `${key('A')}\n` }, pinned: [key(letter)] });

    expect(evidence.hostKeys).toBe(hostKeys);
  });

  it('says of a guest that is off that it is off, by what the node says now', async () => {
    const { snapshot, entry } = await evidenceOf({ row: { status: 'stopped' } });

    expect(snapshot.guest).toMatchObject({ seen: 'not-observable', code: 'guest-off' });
    expect(entry.tried).toEqual([]);
  });

  it('keeps the leases of others that have to do with the machine', async () => {
    const stranger = leaseLine('beta').replaceAll('00:00:01', '00:00:03').replace('10.2.10.5', '10.2.10.8');
    const thief = leaseLine('alpha').replaceAll('00:00:01', '00:00:02').replace('10.2.10.5', '10.2.10.9');

    const { neighbours } = await evidenceOf({ leases: `${leaseLine('*')}${thief}${stranger}` });

    expect(neighbours.leases).toMatchObject({
      seen: 'value',
      value: [{ mac: 'bc:24:11:00:00:02', name: 'alpha' }],
    });
  });
});
