import { lookup } from 'node:dns/promises';
import { homedir } from 'node:os';
import { thisMachine } from '../adapters/linux/this-machine.ts';
import { reachability } from '../adapters/ping/reachability.ts';
import { nodeHost } from '../adapters/proxmox/config.ts';
import type { MendSources, MendState } from '../apply/mend-sources.ts';
import type { Configuration, DhcpServerDefinition } from '../config/configuration.ts';
import type { TruenameError } from '../domain/error.ts';
import type { DhcpServer } from '../domain/ports.ts';
import { systemClock } from '../lib/clock.ts';
import { runProcess } from '../lib/process.ts';
import { sharedServer } from '../observe/shared-server.ts';
import type { Roles } from '../plan/spare.ts';
import { stateDirectory } from '../state/directory.ts';
import { openJournal } from '../state/journal.ts';
import { fileLocks } from '../state/locks.ts';
import { newRun } from '../state/run-id.ts';
import { canWriteState, sweepState } from '../state/whole-state.ts';
import { writtenNames } from '../state/written-names.ts';
import type { WireOptions } from './wire.ts';
import { wireExamination } from './wire-examine.ts';
import { applyRemedy, restoreWrite } from './wire-remedies.ts';

/** Everything that a mending run works with; `close` ends its shared connections. */
export interface WiredFix {
  readonly run: string;
  readonly sources: MendSources;
  readonly stateDirectory: string;
  /** Why nothing can be remembered; absent where it can. */
  readonly stateless?: TruenameError;
  close(): Promise<void>;
}

/** The composition root of what mends. */
export async function wireFix(
  configuration: Configuration,
  command: 'fix' | 'undo',
  options: WireOptions,
): Promise<WiredFix> {
  const { sources: looking, close } = await wireExamination(configuration, options);
  const given = options.stateDirectory ?? configuration.stateDirectory;
  const directory = stateDirectory(given, process.env, homedir());
  const run = newRun(new Date());
  const stateless = await canWriteState(directory);
  const names = writtenNames(directory);
  const state = stateless === undefined ? await openState(directory, run, command) : undefined;
  const { requestMs, bootMs, proofMs } = configuration.timeouts;
  const { power } = looking.hypervisor;
  const servers = new Map<string, DhcpServer>();
  const sources: MendSources = {
    ...looking,
    dhcpServer(id) {
      const known = servers.get(id) ?? sharedServer(looking.dhcpServer(id), requestMs);
      servers.set(id, known);
      return known;
    },
    apply: applyRemedy,
    restore: restoreWrite,
    ...(power === undefined ? {} : { reboot: (ref, signal) => power(ref, 'reboot', signal) }),
    reachability: reachability(runProcess),
    lastWritten: (alias) => names.last(alias),
    ...(state === undefined ? {} : { state }),
    clock: systemClock,
    patience: { bootMs, proofMs, lookMs: requestMs },
  };
  return {
    run,
    sources,
    stateDirectory: directory,
    ...(stateless === undefined ? {} : { stateless }),
    close,
  };
}

async function openState(directory: string, run: string, command: 'fix' | 'undo'): Promise<MendState> {
  await sweepState(directory, run);
  const journal = openJournal(directory, { run, command, startedAt: new Date().toISOString() });
  return { journal, locks: fileLocks(directory), names: writtenNames(directory) };
}

/**
 * Machines that a run must not touch unasked: this one, and every server of the configuration by its name and by
 * the addresses that its name has. A name that resolves to nothing here is compared as a name.
 */
export async function rolesOf(configuration: Configuration): Promise<Roles> {
  const { hypervisors, dhcpServers, resolvers } = configuration;
  const written = [
    ...hypervisors.flatMap(({ id, access }) =>
      (access.kind === 'rest'
        ? access.endpoints.map((each) => new URL(each).hostname)
        : access.entryNodes.flatMap((node) => [node, nodeHost(access.nodes, node)])
      ).map((host) => ({ role: 'hypervisor', id, host })),
    ),
    ...dhcpServers.map((each) => ({ role: 'DHCP server', id: each.id, host: hostOf(each) })),
    ...resolvers.map(({ id, address }) => ({ role: 'resolver', id, host: address })),
  ];
  const hosts = await Promise.all(
    written.map(async ({ role, id, host }) => ({ role, id, hosts: await namesOf(host) })),
  );
  return { own: await thisMachine(), hosts };
}

function hostOf(server: DhcpServerDefinition): string {
  if (server.type === 'opnsense') return new URL(server.url).hostname;
  if (server.type === 'dnsmasq') return server.ssh.host;
  const { access } = server;
  return access.kind === 'ssh' ? access.ssh.host : new URL(access.url).hostname;
}

async function namesOf(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true, family: 4 }).catch(() => []);
  const label = host.split('.')[0] ?? host;
  const isAddress = /^[\d.]+$/.test(host);
  return [...new Set([host, ...(isAddress ? [] : [label]), ...found.map(({ address }) => address)])];
}
