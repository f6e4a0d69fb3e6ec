import { homedir } from 'node:os';
import type { ReserveMemory, ReserveSources } from '../apply/reserve/sources.ts';
import type { Configuration } from '../config/configuration.ts';
import type { JournalledCommand } from '../domain/journal.ts';
import { systemClock } from '../lib/clock.ts';
import { stateDirectory } from '../state/directory.ts';
import { listRuns, openJournal } from '../state/journal.ts';
import { fileLocks } from '../state/locks.ts';
import { newRun } from '../state/run-id.ts';
import { serverPauses } from '../state/server-pauses.ts';
import { canWriteState, sweepState } from '../state/whole-state.ts';
import type { WireOptions } from './wire.ts';
import { networkServices, openConnections } from './wire-connections.ts';
import { proxmoxHypervisor } from './wire-proxmox.ts';

/** Everything that a run works with which reserves, releases or asks resolvers; `close` ends its shared connections. */
export interface WiredReserve {
  readonly run: string;
  readonly sources: ReserveSources;
  close(): Promise<void>;
}

/**
 * The composition root of `reserve` and `release`: hypervisor, DHCP servers and resolvers, and nothing of guests.
 * Throws `state-unwritable` where nothing could be remembered of what is written; without a command nothing is.
 */
export async function wireReserve(
  configuration: Configuration,
  command: JournalledCommand | undefined,
  options: WireOptions,
): Promise<WiredReserve> {
  const run = newRun(new Date());
  const given = options.stateDirectory ?? configuration.stateDirectory;
  const directory = stateDirectory(given, process.env, homedir());
  const memory = command === undefined ? undefined : await openMemory(directory, run, command);
  const connections = await openConnections();
  const choice = options.hypervisor === undefined ? {} : { hypervisor: options.hypervisor };
  const proxmox = await proxmoxHypervisor(configuration, choice, connections.shellOn).catch(async (error) => {
    await connections.close();
    throw error;
  });
  const { requestMs, proofMs } = configuration.timeouts;
  const sources: ReserveSources = {
    hypervisor: proxmox.hypervisor,
    segments: configuration.segments,
    ...networkServices(configuration, connections),
    nicFor: (guest) => configuration.nicFor(guest),
    now: systemClock.now,
    clock: systemClock,
    patience: { proofMs, lookMs: requestMs },
    runs: () => listRuns(directory),
    pauses: serverPauses(directory),
    ...(memory === undefined ? {} : { memory }),
  };
  return {
    run,
    sources,
    async close() {
      await proxmox.close();
      await connections.close();
    },
  };
}

async function openMemory(
  directory: string,
  run: string,
  command: JournalledCommand,
): Promise<ReserveMemory> {
  const stateless = await canWriteState(directory);
  if (stateless !== undefined) throw stateless;
  await sweepState(directory, run);
  return {
    journal: openJournal(directory, { run, command, startedAt: new Date().toISOString() }),
    locks: fileLocks(directory),
  };
}
