import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { cloudInitProbe, waitForCloudInit } from '../adapters/cloud-init/probe.ts';
import { dnsResolver } from '../adapters/dns/resolver.ts';
import { dnsmasqServer } from '../adapters/dnsmasq/server.ts';
import { hostNamesProbe } from '../adapters/linux/host-names.ts';
import { identityProbe } from '../adapters/linux/identity.ts';
import { networkManagerProbe } from '../adapters/network-manager/probe.ts';
import { nixosProbe } from '../adapters/nixos-rebuild/probe.ts';
import { openSshShell } from '../adapters/openssh/shell.ts';
import { type SshTarget, sshArguments } from '../adapters/openssh/target.ts';
import type { Configuration, DhcpServerDefinition, ResolverDefinition } from '../config/configuration.ts';
import { TruenameError } from '../domain/error.ts';
import type { DhcpServer, Resolver, Shell } from '../domain/ports.ts';
import { systemClock } from '../lib/clock.ts';
import { runProcess } from '../lib/process.ts';
import type { GuestLogin, RebuildRequest, RebuildSources } from '../provision/rebuild/context.ts';
import { stateDirectory } from '../state/directory.ts';
import { hostKeyStore } from '../state/pins.ts';
import { systemBuilder } from './wire-builder.ts';
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
  close(): Promise<void>;
}

const probes: RebuildSources['probes'] = {
  identity: identityProbe,
  host: hostNamesProbe,
  nixos: nixosProbe,
  cloudInit: cloudInitProbe,
  client: networkManagerProbe,
};

/** The composition root: the only place that knows adapters. */
export async function wire(
  configuration: Configuration,
  request: RebuildRequest,
  options: WireOptions,
): Promise<Wired> {
  const given = options.stateDirectory ?? configuration.stateDirectory;
  const hostKeys = hostKeyStore(stateDirectory(given, process.env, homedir()));
  // Private to this run and short: a socket's path may hold 104 bytes (unix(7), and less elsewhere).
  const controlFolder = await mkdtemp(join(tmpdir(), 'truename-'));
  const controlPath = join(controlFolder, '%C');
  const targets: SshTarget[] = [];
  const shellOn = (target: SshTarget): Shell => {
    targets.push(target);
    return openSshShell(target, { run: runProcess, controlPath });
  };
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
    await rm(controlFolder, { recursive: true, force: true });
    throw error;
  });
  const sources: RebuildSources = {
    hypervisor: proxmox.hypervisor,
    segments: configuration.segments,
    dhcpServer: remember(configuration.dhcpServers, (each): DhcpServer => {
      const { host, ...login } = each.ssh;
      return dnsmasqServer({
        id: each.id,
        shell: shellOn({ name: host, ...login }),
        leaseFile: each.leaseFile,
      });
    }),
    resolver: remember(configuration.resolvers, (each: ResolverDefinition): Resolver => dnsResolver(each)),
    hostKeys,
    shell: (login) => shellOn(guestTarget(login)),
    builder: (where, login, shell) => systemBuilder(where, { request, shell, target: guestTarget(login) }),
    probes,
    identityProbe,
    waitForCloudInit,
    apply: applyRemedy,
    clock: systemClock,
    patience: { bootMs: configuration.timeouts.bootMs, proofMs: configuration.timeouts.proofMs },
    reverseRequired: configuration.prove.includes('reverse'),
  };
  return {
    sources,
    async close() {
      await proxmox.close();
      await Promise.all(targets.map((target) => endConnection(target, controlPath)));
      await rm(controlFolder, { recursive: true, force: true });
    },
  };
}

function remember<Definition extends DhcpServerDefinition | ResolverDefinition, T>(
  definitions: readonly Definition[],
  make: (definition: Definition) => T,
): (id: string) => T {
  const made = new Map<string, T>();
  return (id) => {
    const known = made.get(id);
    if (known !== undefined) return known;
    const definition = definitions.find((each) => each.id === id);
    if (definition === undefined)
      throw new TruenameError('configuration-invalid', `nothing is configured as ${id}`);
    const fresh = make(definition);
    made.set(id, fresh);
    return fresh;
  };
}

/** ssh(1) -O exit: ends the shared connection; one that never was is no error. */
async function endConnection(target: SshTarget, controlPath: string): Promise<void> {
  const args = sshArguments(target, controlPath);
  await runProcess('ssh', ['-O', 'exit', ...args], { timeoutMs: 5000, signal: AbortSignal.timeout(5000) });
}
