import { SourceError } from '../../domain/error.ts';
import type { Shell } from '../../domain/ports.ts';
import type { SwitchOutcome } from '../../domain/system-builder.ts';
import { heard } from './outcome.ts';

/** The profile's system, then the lists of the running and of the profile's system where both have one. */
const lookAtProfile = `
readlink -f /nix/var/nix/profiles/system
running=/run/current-system/switch-inhibitors next=/nix/var/nix/profiles/system/switch-inhibitors
[ -r "$running" ] && [ -r "$next" ] || exit 0
cat "$running" && echo && echo ---- && cat "$next"`;

interface Profile {
  /** Store path of the system that boots next; undefined where it could not be read. */
  readonly next: string | undefined;
  /** A switch into it is refused while the running system runs. */
  readonly inhibited: boolean;
}

/**
 * Runs an activation of a system, and tells by the guest's profile what a code means that says too little. A builder
 * that fails makes nix-build end with 100 (nix-build(1), EXIT STATUS), and so does a switch that needs a boot: only
 * where the profile was set the build is behind it. NixOS 26.05 keeps in each system a list of what must not change
 * while it runs, and a switch then fails with the code of any failure (nixpkgs nixos/modules/system/activation,
 * switch-inhibitors). Throws `bad-response` where such a code is to be told apart and the profile was not read: it is
 * no build that failed, and is not tried again. A session that is lost on the way leaves the outcome unheard.
 */
export async function watchingProfile(
  shell: Shell,
  system: string | undefined,
  activate: () => Promise<SwitchOutcome>,
  signal: AbortSignal,
): Promise<SwitchOutcome> {
  let said: readonly string[] = [];
  const toldApart = async () => {
    const before = await readProfile(shell, signal);
    const outcome = await activate();
    said = outcome.tail;
    return tellApart(outcome, { before, system }, () => readProfile(shell, signal), shell.via);
  };
  return heard(toldApart, () => said, signal);
}

async function tellApart(
  outcome: SwitchOutcome,
  { before, system }: { readonly before: Profile; readonly system: string | undefined },
  look: () => Promise<Profile>,
  via: string,
): Promise<SwitchOutcome> {
  if (outcome.result !== 'not-built' && outcome.result !== 'reboot-required') return outcome;
  const after = await look();
  if (before.next === undefined || after.next === undefined) {
    throw new SourceError(
      'bad-response',
      via,
      `nixos-rebuild ended with ${outcome.exitCode}, and which system boots next could not be read`,
      { hint: 'Look there: readlink -f /run/current-system /nix/var/nix/profiles/system' },
    );
  }
  if (after.next === before.next && after.next !== system) return { ...outcome, result: 'not-built' };
  if (outcome.result === 'not-built' && after.inhibited) return { ...outcome, result: 'inhibited' };
  return outcome;
}

async function readProfile(shell: Shell, signal: AbortSignal): Promise<Profile> {
  const { exitCode, stdout } = await shell.run(lookAtProfile, { root: true, timeoutMs: 30_000, signal });
  const end = stdout.indexOf('\n');
  const next = exitCode === 0 && end > 0 ? stdout.slice(0, end) : undefined;
  return { next, inhibited: isInhibited(stdout.slice(end + 1)) };
}

/** Names that are in both lists, with different values. */
function isInhibited(text: string): boolean {
  const [running, next] = text.split('\n----\n').map(readInhibitors);
  if (running === undefined || next === undefined) return false;
  return Object.entries(next).some(([name, value]) => name in running && running[name] !== value);
}

function readInhibitors(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const read: unknown = JSON.parse(json);
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
