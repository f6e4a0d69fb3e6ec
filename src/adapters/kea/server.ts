import type { DhcpServer, Shell } from '../../domain/ports.ts';
import { askAlive, lookAtSocket } from './alive.ts';
import { accepted, type KeaChannel } from './channel.ts';
import { controlSocketChannel, type KeaSockets } from './control-socket.ts';
import { readLeases } from './leases.ts';
import { keaReservationWriter } from './reservation-writer.ts';
import { allReservations } from './reservations.ts';
import { configurationSchema } from './schema.ts';

/** A Kea on a machine that one has a shell on. */
export interface KeaOnMachine {
  readonly id: string;
  /** As a user who may use the control sockets and read the configuration file. */
  readonly shell: Shell;
  readonly sockets: KeaSockets;
  /** Of the DHCPv4 daemon. */
  readonly configurationFile: string;
  /** Leases of its DHCPv6 daemon are read too. */
  readonly ipv6: boolean;
}

/** A Kea by the control sockets of its daemons. */
export function keaServer({ id, shell, sockets, configurationFile, ipv6 }: KeaOnMachine): DhcpServer {
  const channel = controlSocketChannel(id, shell, sockets);
  const { source } = channel;
  const socket = sockets[4];
  return {
    ...reading(id, async () => channel, ipv6),
    alive: (signal) => lookAtSocket(shell, { source, socket }, signal),
    reserving: keaReservationWriter(channel, { source, shell, socket, file: configurationFile }),
  };
}

/** A Kea over HTTP. It is only read: whether its file says what runs cannot be seen from there. */
export function keaOverHttp(id: string, connect: () => Promise<KeaChannel>, ipv6: boolean): DhcpServer {
  let connecting: Promise<KeaChannel> | undefined;
  const channel = () => {
    connecting ??= connect().catch((error: unknown) => {
      connecting = undefined;
      throw error;
    });
    return connecting;
  };
  return {
    ...reading(id, channel, ipv6),
    alive: async (signal) => askAlive(await channel(), signal),
  };
}

function reading(
  id: string,
  channel: () => Promise<KeaChannel>,
  ipv6: boolean,
): Pick<DhcpServer, 'id' | 'leases'> & Required<Pick<DhcpServer, 'reservations'>> {
  return {
    id,
    leases: async (signal) => readLeases(await channel(), ipv6, signal),
    async reservations(signal) {
      const kea = await channel();
      const answer = await kea.ask(4, { command: 'config-get' }, signal);
      const told = { source: kea.source, command: 'config-get' };
      return allReservations(accepted(answer, configurationSchema, told));
    },
  };
}
