import { createFacade } from './facade.ts';
import { memoryKea } from './kea-memory.ts';
import type { ApiResponse } from './message.ts';
import type { Release } from './release.ts';
import { type ApiKey, type Item, keaOff, type OpnsenseState } from './state.ts';
import type { Rendered, World } from './world.ts';

/** The key that may do all. */
export const testingKey: ApiKey = { key: 'key', secret: 'c2VjcmV0/of+the/key==', privileges: ['page-all'] };

/** A Dnsmasq in memory; `starts` is whether it would start with what it is given. */
export interface MemoryWorld extends World {
  runs: boolean;
  leases: string;
  starts: (rendered: Rendered) => boolean;
  readonly applied: Rendered[];
}

/** Runs with no lease, and dies of an address in two lines as the real one does (dnsmasq src/option.c). */
function memoryWorld(): MemoryWorld {
  const world: MemoryWorld = {
    runs: true,
    leases: '',
    starts: ({ directives }) => {
      const addresses = directives.flatMap((line) => line.match(/(?<=,)\d+\.\d+\.\d+\.\d+(?=,|$)/g) ?? []);
      return new Set(addresses).size === addresses.length;
    },
    applied: [],
    apply: async (rendered) => {
      world.applied.push(rendered);
      world.runs = world.starts(rendered);
      if (world.runs) world.leases = renamed(world.leases, rendered);
    },
    running: async () => world.runs,
    leaseFile: async () => world.leases,
  };
  return world;
}

/** A living lease takes the name of its line at once. */
function renamed(leases: string, { directives }: Rendered): string {
  const names = new Map(
    directives.flatMap((line) => {
      const parts = line.replace('dhcp-host=', '').split(',');
      return parts.length > 1 ? [[parts[0] ?? '', parts.at(-1) ?? ''] as const] : [];
    }),
  );
  const lines = leases.split('\n').map((line) => {
    const [expire, mac = '', address, name, client] = line.split(' ');
    return client === undefined ? line : [expire, mac, address, names.get(mac) ?? name, client].join(' ');
  });
  return lines.join('\n');
}

/** The configuration of a firewall that hands out leases by Dnsmasq. */
function testingState(release: Release = '26.7.2', keys: readonly ApiKey[] = [testingKey]): OpnsenseState {
  const hosts: readonly Item[] = [];
  return {
    ...{ release, keys, hosts, name: 'fw.srv.internal', kea: keaOff() },
    dnsmasq: {
      enable: true,
      port: '53053',
      domain: 'srv.internal',
      ranges: [{ interface: 'lan', domain: '' }],
    },
    interfaces: [{ name: 'lan', device: 'vtnet0', description: 'LAN' }],
  };
}

/** The subnet of the Kea in memory. */
export const testingSubnet = {
  ...{
    uuid: '11111111-2222-4333-8444-000000000020',
    subnet: '10.2.20.0/24',
    pools: '10.2.20.100-10.2.20.199',
  },
} as const;

/** The same with Kea in the place of Dnsmasq. */
function testingKeaState(release?: Release, keys?: readonly ApiKey[]): OpnsenseState {
  const state = testingState(release, keys);
  return {
    ...state,
    dnsmasq: { ...state.dnsmasq, ranges: [] },
    kea: { ...keaOff(), enabled: true, subnets: [testingSubnet] },
  };
}

/** A firewall in memory, and a caller of its API; `ask` speaks for the first key. */
export function testingFacade(release?: Release, keys?: readonly ApiKey[]) {
  const [state, world] = [testingState(release, keys), memoryWorld()];
  return { world, ...callerOf(state, world) };
}

/** The same whose leases Kea hands out, with none yet. */
export function testingKeaFacade(release?: Release, keys?: readonly ApiKey[]) {
  const [state, kea] = [testingKeaState(release, keys), memoryKea()];
  return { kea, ...callerOf(state, { ...memoryWorld(), kea }) };
}

function callerOf(state: OpnsenseState, world: World) {
  const facade = createFacade({ state, world });
  const [first = testingKey] = state.keys;
  const authorization = `Basic ${Buffer.from(`${first.key}:${first.secret}`).toString('base64')}`;
  const ask = async (
    method: string,
    path: string,
    value?: unknown,
  ): Promise<{ status: number; body: unknown }> => {
    const type = value === undefined ? {} : { 'content-type': 'application/json' };
    const answer: ApiResponse = await facade.handle({
      ...{ method, target: `/api/${path}`, headers: { authorization, ...type } },
      ...(value === undefined ? {} : { body: JSON.stringify(value) }),
    });
    return { status: answer.status, body: answer.body === '' ? '' : JSON.parse(answer.body) };
  };
  return { state, facade, authorization, ask };
}
