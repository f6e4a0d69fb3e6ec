import { SourceError } from '../../domain/error.ts';
import type { Shell } from '../../domain/ports.ts';
import type { ProcessResult, RunProcess } from '../../lib/process.ts';
import { unwrapErrors, withoutEndMarker, wrapScript } from '../../lib/script.ts';
import { sshMissing } from './installed.ts';
import { sharedConnection } from './shared-connection.ts';
import { type SshTarget, sshArguments } from './target.ts';

/** What a shell over ssh needs beside its target. */
export interface OpenSshOptions {
  readonly run: RunProcess;
  /** Path for the shared connection with `%C` in it; absent: one connection a script. */
  readonly controlPath?: string;
}

/** A {@link Shell} that runs scripts by the user's own ssh. */
export function openSshShell(target: SshTarget, { run, controlPath }: OpenSshOptions): Shell {
  const via = `ssh ${target.user}@${target.address ?? target.name}`;
  const host = sshArguments(target, controlPath);
  const shared = controlPath === undefined ? undefined : sharedConnection(run, host);
  return {
    via,
    async run(script, { args = [], root = false, timeoutMs, signal, onLine }) {
      const become = root && target.user !== 'root' ? ['sudo', '-n', 'sh', '-s'] : ['sh', '-s'];
      const session = () =>
        run('ssh', [...host, ...become], {
          input: wrapScript(script, args),
          timeoutMs,
          signal,
          ...(onLine === undefined ? {} : { onLine: withoutEndMarker(onLine) }),
        });
      const result = await (shared === undefined ? session() : shared(session, signal));
      const ended = unwrapErrors(result.stderr);
      if (result.ended !== 'exit' || ended === undefined) throw failure(result, via, root);
      return { exitCode: ended.exitCode, stdout: result.stdout, stderr: ended.stderr };
    },
  };
}

function failure(result: ProcessResult, via: string, root: boolean): SourceError {
  const said = lastLine(result.stderr);
  if (result.ended === 'not-found') return sshMissing(via);
  if (result.ended === 'timeout')
    return new SourceError('timeout', via, 'the script did not end within its time');
  if (result.ended === 'cancelled') return new SourceError('cancelled', via, 'the run was interrupted');
  if (result.ended === 'too-much-output')
    return new SourceError('bad-response', via, 'the answer was too long');
  // ssh(1): 255 is an error of ssh itself, and a signal ended it here; any other code without the end marker is from
  // what ran
  // instead.
  if (result.exitCode === 255 || result.ended === 'signal') {
    return new SourceError('unreachable', via, `no session: ${said}`, { hint: `Try by hand: ${via}` });
  }
  return new SourceError(root ? 'privilege-missing' : 'command-failed', via, `no shell there: ${said}`, {
    hint: root ? 'Let this user run `sudo -n sh` without a password.' : `Try by hand: ${via} sh`,
  });
}

/** The last line that says something, without control characters: it comes from the other side. */
function lastLine(text: string): string {
  const lines = text.split('\n').map((line) => line.replace(/\p{Cc}/gu, ' ').trim());
  return lines.findLast((line) => line !== '')?.slice(0, 300) ?? 'no reason was given';
}
