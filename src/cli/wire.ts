import { homedir } from 'node:os';
import { waitForCloudInit } from '../adapters/cloud-init/probe.ts';
import { identityProbe } from '../adapters/linux/identity.ts';
import { thisMachine } from '../adapters/linux/this-machine.ts';
import type { SshTarget } from '../adapters/openssh/target.ts';
import { takeLock } from '../apply/lock-guest.ts';
import type { Configuration } from '../config/configuration.ts';
import type { GuestLogin } from '../domain/guest-login.ts';
import { systemClock } from '../lib/clock.ts';
import type { RebuildRequest, RebuildSources } from '../provision/rebuild/context.ts';
import { stateDirectory } from '../state/directory.ts';
import { fileLocks } from '../state/locks.ts';
import { hostKeyStore } from '../state/pins.ts';
import { newRun } from '../state/run-id.ts';
import { type RunLog, runLog } from '../state/run-log.ts';
import { wireConfiguration } from './wire-builder.ts';
import { networkServices, openConnections } from './wire-connections.ts';
import { guestProbes } from './wire-probes.ts';
import { proxmoxHypervisor } from './wire-proxmox.ts';
import { applyRemedy } from './wire-remedies.ts';

/** What the composition needs beside the configuration. */
export interface WireOptions {
  readonly stateDirectory?: string;
  /** Id of the hypervisor; the first one configured when left out. */
  readonly hypervisor?: string;
}

/** Everything that one run works with; `close` ends its shared connections. */
export interface Wired {
  readonly sources: RebuildSources;
  /** Keeps what the build says. */
  readonly log: RunLog;
  close(): Promise<void>;
}

/** The composition root of `rebuild`; with its neighbours `wire-*.ts` the only place that knows adapters. */
export async function wire(
  configuration: Configuration,
  request: RebuildRequest,
  options: WireOptions,
): Promise<Wired> {
  const given = options.stateDirectory ?? configuration.stateDirectory;
  const state = stateDirectory(given, process.env, homedir());
  const hostKeys = hostKeyStore(state);
  const locks = fileLocks(state);
  const run = newRun(new Date());
  const log = runLog(state, `rebuild-${request.vmid}`, run);
  const built = wireConfiguration(request);
  const connections = await openConnections();
  const { shellOn } = connections;
  const guestTarget = (login: GuestLogin): SshTarget => {
    const { user, identityFile } = configuration.loginFor(login.guest);
    return {
      name: login.name,
      user,
      address: login.address,
      ...(identityFile === undefined ? {} : { identityFile }),
      pinned: { alias: login.alias, file: hostKeys.file(login.alias) },
    };
  };
  const choice = {
    node: request.node,
    ...(options.hypervisor === undefined ? {} : { hypervisor: options.hypervisor }),
  };
  const proxmox = await proxmoxHypervisor(configuration, choice, shellOn).catch(async (error) => {
    await connections.close();
    throw error;
  });
  const sources: RebuildSources = {
    hypervisor: proxmox.hypervisor,
    segments: configuration.segments,
    nicFor: (guest) => configuration.nicFor(guest),
    ...networkServices(configuration, connections),
    hostKeys,
    lock: (alias) => takeLock(locks, alias, run),
    shell: (login) => shellOn(guestTarget(login)),
    configuration: built.read,
    builder: (where, login, shell) => built.builder(where, { shell, target: guestTarget(login) }),
    thisMachine,
    probes: guestProbes,
    identityProbe,
    waitForCloudInit,
    apply: applyRemedy,
    clock: systemClock,
    patience: { bootMs: configuration.timeouts.bootMs, proofMs: configuration.timeouts.proofMs },
    reverseRequired: configuration.prove.includes('reverse'),
  };
  return {
    sources,
    log,
    async close() {
      await proxmox.close();
      await connections.close();
      await built.close();
      await log.close();
    },
  };
}
