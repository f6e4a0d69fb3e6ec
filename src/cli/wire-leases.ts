import type { Configuration } from '../config/configuration.ts';
import type { DhcpServer } from '../domain/ports.ts';
import { systemClock } from '../lib/clock.ts';
import { networkServices, openConnections } from './wire-connections.ts';

/** The servers whose tables are read; `close` ends the connections to them. */
export interface WiredLeases {
  readonly servers: readonly DhcpServer[];
  readonly now: () => string;
  close(): Promise<void>;
}

/** The composition root of `leases`: these servers, and nothing of hypervisors or guests. */
export async function wireLeases(configuration: Configuration, ids: readonly string[]): Promise<WiredLeases> {
  const connections = await openConnections();
  const { dhcpServer } = networkServices(configuration, connections);
  return { servers: ids.map(dhcpServer), now: systemClock.now, close: () => connections.close() };
}
