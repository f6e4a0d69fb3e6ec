import { asTruenameError, type TruenameError } from '../../domain/error.ts';
import type { DhcpServer } from '../../domain/ports.ts';
import { finishEarlier } from './finish-earlier.ts';
import { type ViewedServer, viewServers } from './look.ts';
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
}

/**
 * Finishes at each server what an earlier run began, and reads it. One that cannot be finished or read keeps none of the others from
 * being worked at; one that can hold nothing of Truename's is left out.
 */
export async function seeServers(
  sources: ReserveSources,
  servers: readonly DhcpServer[],
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<SeenServers> {
  const seen: (readonly ViewedServer[] | UnseenServer)[] = [];
  for (const server of servers) {
    const error = await finishEarlier(sources, server, say, signal);
    seen.push(error === undefined ? await view(server, signal) : { id: server.id, error });
  }
  return {
    views: seen.flatMap((each) => ('error' in each ? [] : each)),
    unseen: seen.filter((each) => 'error' in each),
  };
}

async function view(
  server: DhcpServer,
  signal: AbortSignal,
): Promise<readonly ViewedServer[] | UnseenServer> {
  try {
    return await viewServers([server], signal);
  } catch (error) {
    signal.throwIfAborted();
    return { id: server.id, error: asTruenameError(error) };
  }
}
