import { SourceError } from '../../domain/error.ts';
import type { SwitchOutcome } from '../../domain/system-builder.ts';

/** Lines of output that an error message keeps. */
const kept = 30;

/** Collects the last lines of a long output. */
export interface Tail {
  readonly add: (line: string) => void;
  readonly lines: () => readonly string[];
}

/** An empty tail. */
export function tail(): Tail {
  const lines: string[] = [];
  return {
    add(line) {
      lines.push(line);
      if (lines.length > kept) lines.shift();
    },
    lines: () => lines,
  };
}

/** Killed by signal 9, as Linux ends what uses up the memory: 128 + 9, and 256 - 9 from a child of Nix. */
const killed: readonly (number | undefined)[] = [137, 247];

/** True for the exit code of a program that was killed, most likely because memory was used up. */
export function isOutOfMemory(exitCode: number | undefined): boolean {
  return killed.includes(exitCode);
}

/** ssh(1): 255 when the connection ended before the command did. */
const sshLost = 255;

/**
 * Reads nixos-rebuild's exit code, which is that of the command that failed: 4 and 100 are of switch-to-configuration
 * after the switch, 2 of its activation script; anything else came before (nixpkgs
 * pkgs/by-name/sw/switch-to-configuration-ng/src/main.rs).
 */
export function readOutcome(exitCode: number, lines: readonly string[]): SwitchOutcome {
  if (isOutOfMemory(exitCode)) return { result: 'out-of-memory', exitCode, tail: lines };
  const results: Readonly<Record<number, SwitchOutcome['result']>> = {
    0: 'switched',
    2: 'not-activated',
    4: 'units-failed',
    100: 'reboot-required',
    [sshLost]: 'connection-lost',
  };
  return { result: results[exitCode] ?? 'not-built', exitCode, tail: lines };
}

/**
 * The outcome, or that nobody heard it: the session was lost, and what was begun by it goes on. `said` is what was
 * heard.
 */
export async function heard(
  activate: () => Promise<SwitchOutcome>,
  said: () => readonly string[],
  signal: AbortSignal,
): Promise<SwitchOutcome> {
  try {
    return await activate();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SourceError) || error.code !== 'unreachable') throw error;
    return { result: 'connection-lost', exitCode: sshLost, tail: said() };
  }
}
