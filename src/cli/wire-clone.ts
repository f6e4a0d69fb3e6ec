import { randomBytes } from 'node:crypto';
import type { Configuration } from '../config/configuration.ts';
import type { DhcpServer } from '../domain/ports.ts';
import { sharedServer } from '../observe/shared-server.ts';
import type { CloneSources } from '../provision/clone/context.ts';
import type { WireOptions } from './wire.ts';
import { guestProbes } from './wire-probes.ts';
import { wireReserve } from './wire-reserve.ts';

/** Everything that a run works with which makes clones; `close` ends its shared connections. */
export interface WiredClone {
  readonly run: string;
  readonly sources: CloneSources;
  close(): Promise<void>;
}

/** The composition root of `clone`: what reserves, with what makes and proves. */
export async function wireClone(
  configuration: Configuration,
  command: 'clone' | undefined,
  options: WireOptions,
): Promise<WiredClone> {
  const { run, sources, close } = await wireReserve(configuration, command, options);
  const { requestMs, bootMs } = configuration.timeouts;
  const shared = new Map<string, DhcpServer>();
  return {
    run,
    sources: {
      ...sources,
      // Twenty clones that wait for their leases read one table.
      dhcpServer(id) {
        const server = shared.get(id) ?? sharedServer(sources.dhcpServer(id), requestMs);
        shared.set(id, server);
        return server;
      },
      dhcpServers: configuration.dhcpServers.map(({ id }) => id),
      probes: guestProbes,
      random: randomBytes,
      patience: { ...sources.patience, bootMs },
      reverseRequired: configuration.prove.includes('reverse'),
    },
    close,
  };
}
