import pLimit from 'p-limit';
import type { ProcessResult, RunProcess } from '../../lib/process.ts';

/** Sessions that a server gives over one connection unless it is told otherwise (sshd_config(5), MaxSessions). */
const sessionsAtOnce = 10;

/** Longer than ConnectTimeout in `target.ts`, so that ssh itself says why there is no connection. */
const timeoutMs = 20_000;

/** Runs a session when the connection stands and has room for it; or resolves with why there is no connection. */
export type SharedConnection = (
  session: () => Promise<ProcessResult>,
  signal: AbortSignal,
) => Promise<ProcessResult>;

/**
 * One connection for many sessions, opened before the first of them: a server drops some of the connections that begin
 * at once, and by chance (sshd_config(5), MaxStartups). `args` are those of ssh(1) up to and including the host.
 */
export function sharedConnection(run: RunProcess, args: readonly string[]): SharedConnection {
  const limit = pLimit(sessionsAtOnce);
  let opening: Promise<ProcessResult> | undefined;
  return async (session, signal) => {
    opening ??= run('ssh', [...args, 'true'], { timeoutMs, signal });
    const attempt = opening;
    const opened = await attempt;
    if (isConnected(opened)) return limit(session);
    // The next to come tries anew.
    if (opening === attempt) opening = undefined;
    // Whoever opened it gave up: that says nothing about those who waited with them.
    return opened.ended === 'cancelled' ? session() : opened;
  };
}

/** ssh(1): 255 is an error of ssh itself; a server that forbids `true` has a connection all the same. */
function isConnected({ ended, exitCode }: ProcessResult): boolean {
  return ended === 'exit' && exitCode !== 255;
}
