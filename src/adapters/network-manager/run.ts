import type { CommandResult, Shell } from '../../domain/ports.ts';

/** NixOS has its programs elsewhere; nmcli's words are those of the C locale. */
const setUp = 'PATH=$PATH:/usr/sbin:/sbin:/run/current-system/sw/bin; LC_ALL=C.UTF-8; export PATH LC_ALL\n';

/** Runs a script with nmcli as root to its end, within a minute; throws what the shell throws. */
export async function runAsRoot(
  shell: Shell,
  script: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<CommandResult> {
  return shell.run(`${setUp}${script}`, { args, root: true, timeoutMs: 60_000, signal });
}
