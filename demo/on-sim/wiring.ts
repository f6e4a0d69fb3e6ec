import { basename } from 'node:path';
import { simBuilder } from '../../sim/builder.ts';
import type { SimNetwork } from '../../sim/network.ts';
import { simProbes } from '../../sim/probes.ts';
import { applyInSim, restoreInSim } from '../../sim/shell.ts';
import { readSeed } from '../../src/adapters/cloud-init/seed.ts';
import { takeLock } from '../../src/apply/lock-guest.ts';
import type { MendSources } from '../../src/apply/mend-sources.ts';
import type { Wiring } from '../../src/cli/wiring.ts';
import type { Configuration } from '../../src/config/configuration.ts';
import { TruenameError } from '../../src/domain/error.ts';
import type { Shell } from '../../src/domain/ports.ts';
import type { ExamineSources } from '../../src/observe/examine-sources.ts';
import type { RebuildRequest, RebuildSources } from '../../src/provision/rebuild/context.ts';
import { newRun } from '../../src/state/run-id.ts';
import { type SimMemory, simMemory } from './memory.ts';

/** The user of TAPPaaS guests, who may become root without a password. */
const user = 'tappaas';

/** How long is waited in the simulation, as the configuration has it where nobody says otherwise. */
const timeouts = { requestMs: 10_000, bootMs: 180_000, proofMs: 60_000 } as const;

/** The command line's way to a network in memory; `files` are the configurations, by name, as they were written last. */
export function simWiring(network: SimNetwork, files: ReadonlyMap<string, string>): Wiring {
  const { clock, hypervisor } = network;
  const memory = simMemory(clock.now);
  const nothing = async () => undefined;
  const looking = lookingAt(network, memory);
  return {
    configuration: async () => simConfiguration(network),
    async rebuild(_configuration, request) {
      const run = newRun(new Date(clock.now()));
      return { sources: rebuilding(network, { request, memory, run, files }), log: noLog, close: nothing };
    },
    examination: async () => ({ sources: looking, close: nothing }),
    async fix() {
      const run = newRun(new Date(clock.now()));
      const sources: MendSources = {
        ...looking,
        apply: applyInSim,
        restore: restoreInSim,
        reboot: async (ref, signal) => hypervisor.port.power?.(ref, 'reboot', signal),
        reachability: network.reachability,
        lastWritten: memory.lastWritten,
        state: memory.state(run),
        clock,
        patience: { ...timeouts, lookMs: timeouts.requestMs },
      };
      return { run, sources, stateDirectory: 'in memory', close: nothing };
    },
    roles: async () => ({ own: { macs: [] }, hosts: [] }),
    leases: async (_configuration, ids) => ({
      servers: ids.map((id) => network.server(id).port),
      now: clock.now,
      close: nothing,
    }),
  };
}

/** What a build says is nothing here. */
const noLog = {
  path: () => undefined,
  failure: () => undefined,
  write: () => undefined,
  close: async () => undefined,
};

function simConfiguration({ hypervisor, segments }: SimNetwork): Configuration {
  return {
    origin: { kind: 'conventions' },
    // Nobody goes there: what stands behind these ids is in memory.
    hypervisors: [
      {
        id: hypervisor.port.id,
        type: 'proxmox',
        access: { kind: 'ssh', nodes: '{node}', entryNodes: [], user: 'root' },
      },
    ],
    dhcpServers: segments.map(({ dhcpServer }) => ({
      id: dhcpServer,
      type: 'dnsmasq',
      ssh: { host: 'sim', user: 'root' },
      leaseFile: 'in memory',
    })),
    resolvers: segments.map(({ name }) => ({ id: name, type: 'dns', address: 'sim', port: 53 })),
    segments,
    prove: [],
    templateNames: [],
    timeouts,
    loginFor: () => ({ user }),
    nicFor: () => undefined,
  };
}

function lookingAt(network: SimNetwork, { hostKeys }: SimMemory): ExamineSources {
  const { clock, hypervisor, segments } = network;
  return {
    hypervisor: hypervisor.port,
    segments,
    dhcpServer: (id) => network.server(id).port,
    resolver: (id) => network.resolver(id).port,
    probes: simProbes,
    hostKeys,
    ssh: (login) => network.ssh(login, user, hostKeys),
    readSeed,
    async capture() {
      throw new TruenameError('unsupported', 'nothing goes over a wire in the simulation');
    },
    now: clock.now,
  };
}

/** One run of a rebuild. */
interface Rebuilding {
  readonly request: RebuildRequest;
  readonly memory: SimMemory;
  readonly run: string;
  readonly files: ReadonlyMap<string, string>;
}

function rebuilding(network: SimNetwork, { request, memory, run, files }: Rebuilding): RebuildSources {
  const { clock } = network;
  const { hypervisor, segments, dhcpServer, resolver, hostKeys: _, ...looking } = lookingAt(network, memory);
  const file = basename(request.configuration);
  const text = () => {
    const found = files.get(file);
    if (found !== undefined) return found;
    throw new TruenameError('usage', `there is no ${file} in the simulation`, {
      hint: `There is ${[...files.keys()].join(', ') || 'none'}.`,
    });
  };
  return {
    configuration: async () => ({ files: [file], bytes: Buffer.byteLength(text()), notes: [] }),
    hypervisor,
    segments,
    dhcpServer,
    resolver,
    hostKeys: memory.hostKeys,
    lock: (alias) => takeLock(memory.locks, alias, run),
    shell: (login) => looking.ssh(login, true),
    builder: async (where, { guest }) =>
      simBuilder({
        where,
        text: text(),
        name: request.name,
        machine: network.hypervisor.machine(guest.ref.vmid),
        clock,
      }),
    thisMachine: async () => ({ macs: [] }),
    probes: simProbes,
    identityProbe: simProbes.identity,
    async waitForCloudInit(_shell: Shell, seconds, signal) {
      const machine = network.hypervisor.machine(request.vmid);
      const deadline = clock.elapsed() + seconds * 1000;
      while (!['done', 'error'].includes(machine.cloudInit.state().status) && clock.elapsed() < deadline)
        await clock.sleep(500, signal);
    },
    apply: applyInSim,
    clock,
    patience: timeouts,
    reverseRequired: false,
  };
}
