import type { Address } from '../../src/domain/address.ts';
import type { DhcpClientState } from '../../src/domain/dhcp-client.ts';
import type { GuestWrite } from '../../src/domain/journal.ts';
import type { Mac } from '../../src/domain/mac.ts';
import type { Restored } from '../../src/domain/ports.ts';
import type { DhcpClientAction } from '../../src/domain/remedy.ts';
import type { Acknowledgement, SimDhcpServer } from '../dhcp-server.ts';
import type { SimHostNames } from '../host-names.ts';

/** A DHCP client in a simulated machine, on its one interface. */
export interface SimClient {
  /** As a look at it shows it. */
  state(): DhcpClientState;
  /** The address that it holds; undefined before it has asked. */
  address(): Address | undefined;
  /** The machine starts: what is kept in no file is gone, and it asks for a lease. */
  boot(): void;
  /** NixOS activates a system: what it declares for the client is written anew. The client is not told. */
  activate?(): void;
  /** Carries out a step of its ladder; gives the milliseconds for which the address was away. */
  apply(step: DhcpClientAction): number;
  restore(write: GuestWrite): Restored;
}

/** Where a client works. */
export interface ClientPlace {
  readonly device: string;
  readonly mac: Mac;
  readonly names: SimHostNames;
  readonly server: SimDhcpServer;
}

/** What every client shows of the lease that it was given. */
export function leaseState({ device }: Pick<ClientPlace, 'device'>, ack: Acknowledgement | undefined) {
  return {
    device,
    activated: ack !== undefined,
    acknowledgedName: ack?.name,
    leaseExpiresAt: ack?.expiresAt,
  };
}

/** A step or a write that is no client's of this kind: a fault of whoever asked. */
export function notOfKind(kind: string, what: string): Error {
  return new Error(`the simulated ${kind} knows no ${what}`);
}

/** A name as clients send it: RFC 952 and RFC 1123; they send none that is no host name. */
export function isHostName(name: string): boolean {
  return name.split('.').every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(label));
}
