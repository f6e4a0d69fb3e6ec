import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { dnsResolver } from '../adapters/dns/resolver.ts';
import { openSshShell } from '../adapters/openssh/shell.ts';
import { type SshTarget, sshArguments } from '../adapters/openssh/target.ts';
import type { Configuration, DhcpServerDefinition, ResolverDefinition } from '../config/configuration.ts';
import { TruenameError } from '../domain/error.ts';
import type { Resolver, Shell } from '../domain/ports.ts';
import { runProcess } from '../lib/process.ts';
import { runFolder } from './run-folder.ts';
import { wireDhcpServer } from './wire-dhcp-server.ts';

/** The connections of one run: each machine's is shared, and all end with `close`. */
export interface Connections {
  shellOn(target: SshTarget): Shell;
  /** Has this done by `close`. */
  atClose(end: () => Promise<void>): void;
  close(): Promise<void>;
}

/**
 * Makes the private folder of this run's control sockets. Where none can be made, as in a unit that may write nowhere,
 * each session has a connection of its own.
 */
export async function openConnections(): Promise<Connections> {
  const folder = await runFolder();
  const ends: (() => Promise<void>)[] = [];
  const atClose = (end: () => Promise<void>) => void ends.push(end);
  const endAll = async () => void (await Promise.all(ends.map((end) => end())));
  if (folder === undefined) {
    return { shellOn: (target) => openSshShell(target, { run: runProcess }), atClose, close: endAll };
  }
  const controlPath = join(folder, '%C');
  const targets: SshTarget[] = [];
  return {
    shellOn(target) {
      targets.push(target);
      return openSshShell(target, { run: runProcess, controlPath });
    },
    atClose,
    async close() {
      await endAll();
      await Promise.all(targets.map((target) => endConnection(target, controlPath)));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The DHCP servers and resolvers of a configuration, each made when it is first asked for. */
export function networkServices(
  { dhcpServers, resolvers, segments, timeouts }: Configuration,
  { shellOn, atClose }: Connections,
) {
  const parts = { shellOn, atClose, segments, timeoutMs: timeouts.requestMs };
  return {
    dhcpServer: remember(dhcpServers, (each) => wireDhcpServer(each, parts)),
    resolver: remember(resolvers, (each: ResolverDefinition): Resolver => dnsResolver(each)),
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
