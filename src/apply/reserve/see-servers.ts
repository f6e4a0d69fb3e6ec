import { asTruenameError, type TruenameError } from '../../domain/error.ts';
import type { DhcpServer } from '../../domain/ports.ts';
import { finishEarlier } from './finish-earlier.ts';
import { type ViewedServer, viewServer } from './look.ts';
import type { ReserveSources } from './sources.ts';

/** A server that is not to be worked at: what stands there is not known, or must not be touched. */
export interface UnseenServer {
  readonly id: string;
  readonly error: TruenameError;
}

/** What could be seen, and what could not. */
export interface SeenServers {
  readonly views: readonly ViewedServer[];
  readonly unseen: readonly UnseenServer[];
  /** Those at which nothing can be reserved, by their own word: what stood there before is not taken back. */
  readonly closed: readonly UnseenServer[];
}

/**
 * Finishes at each server what an earlier run began, and reads it. One that cannot be finished or read keeps none of the others from
 * being worked at.
 */
export async function seeServers(
  sources: ReserveSources,
  servers: readonly DhcpServer[],
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<SeenServers> {
  const seen: (ViewedServer | UnseenServer)[] = [];
  for (const server of servers) {
    const error = await finishEarlier(sources, server, say, signal);
    seen.push(error === undefined ? await view(server, signal) : { id: server.id, error });
  }
  const without = seen.filter((each) => 'error' in each);
  return {
    views: seen.filter((each) => 'view' in each),
    unseen: without.filter(({ error }) => error.code !== 'unsupported'),
    closed: without.filter(({ error }) => error.code === 'unsupported'),
  };
}

async function view(server: DhcpServer, signal: AbortSignal): Promise<ViewedServer | UnseenServer> {
  try {
    return { server, view: await viewServer(server, signal) };
  } catch (error) {
    signal.throwIfAborted();
    return { id: server.id, error: asTruenameError(error) };
  }
}
