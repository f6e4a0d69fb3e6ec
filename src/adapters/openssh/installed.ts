import { SourceError } from '../../domain/error.ts';
import type { RunProcess } from '../../lib/process.ts';

/** The error that there is no ssh(1) on the PATH of this machine. */
export function sshMissing(source: string): SourceError {
  return new SourceError('program-missing', source, 'ssh is not on the PATH of this machine', {
    hint: 'Install the OpenSSH client here (Debian: openssh-client; nixpkgs: openssh).',
  });
}

/** Throws `program-missing` where there is no ssh(1), so that a flow that needs it says so before it asks anybody. */
export async function mustHaveSsh(run: RunProcess, signal: AbortSignal): Promise<void> {
  const { ended } = await run('ssh', ['-V'], { timeoutMs: 10_000, signal });
  if (ended === 'not-found') throw sshMissing('this machine');
}
