import { TruenameError } from '../../domain/error.ts';
import type { Shell } from '../../domain/ports.ts';
import type { SystemBuilder } from '../../domain/system-builder.ts';
import { type BuildSource, flakeNamesOther, pinned } from './build-source.ts';
import { evaluatedOr, fileExpression, flakeFunction } from './evaluation.ts';
import { hardwareFile, namesHardware } from './hardware.ts';
import { heard, readOutcome, tail } from './outcome.ts';
import { type Placed, place, settle } from './place.ts';
import { watchingProfile } from './profile.ts';

/** What is built, and where. */
export interface OnTargetOptions extends BuildSource {
  /** A shell in the guest; scripts run as root. */
  readonly shell: Shell;
}

/**
 * NixOS sets NIX_PATH for logins only; a script finds it where /etc/profile does. /run/wrappers and
 * /run/current-system are where NixOS keeps its programs.
 */
const environment = `
if [ -z "\${NIX_PATH:-}" ] && [ -r /etc/set-environment ]; then . /etc/set-environment; fi
PATH=/run/wrappers/bin:/run/current-system/sw/bin:$PATH; export PATH
cd /`;

/**
 * Images that were built elsewhere have none; the program writes what it sees, and nothing else
 * (nixos-generate-config(8)).
 */
const generateHardware = `${environment}
[ -e "$1" ] && exit 0
umask 022
trap 'rm -f "$1.new"' EXIT
nixos-generate-config --show-hardware-config >"$1.new" && mv "$1.new" "$1" && echo generated`;

/** A file that is there for this evaluation only goes with it. */
const evaluateFile = `${environment}
file=$1; expression=$2; shift 2
case $file in *.new) trap 'rm -f "$file"' EXIT ;; esac
nix-instantiate --eval --strict --json --read-write-mode -E "$expression" -I "nixos-config=$file" "$@"`;

const evaluateFlake = `${environment}
exec nix --extra-experimental-features 'nix-command flakes' eval --json "path:$1#nixosConfigurations.\\"$2\\".config" --apply "$3"`;

const rebuildFile = `${environment}
file=$1; action=$2; shift 2
exec nixos-rebuild "$action" --no-flake -I "nixos-config=$file" "$@"`;

const rebuildFlake = `${environment}
exec nixos-rebuild "$3" --flake "path:$1#$2"`;

const rollBack = `${environment}
exec nixos-rebuild switch --no-flake --rollback`;

const evaluationMs = 600_000;
const buildMs = 3_600_000;

/** Builds in the guest itself: the configuration and what it reads travel, and absolute imports are the guest's own. */
export function buildOnTarget(options: OnTargetOptions): SystemBuilder {
  const { shell, name, configuration, flake } = options;
  const file = `/etc/nixos/${name}.nix`;
  let placed: Placed = { evaluated: file };
  let system: string | undefined;
  const asRoot = { root: true } as const;

  return {
    where: 'target',
    async prepare({ forceName }, signal) {
      if (flake !== undefined && forceName) throw flakeNamesOther(name, flake);
      const notes = namesHardware(configuration.absolute) ? await mustHaveHardware(shell, signal) : [];
      placed = await place(
        { shell, name, files: configuration.files, forceName, flake: flake !== undefined },
        signal,
      );
      return notes;
    },
    async evaluate(signal) {
      const [script, args] =
        flake === undefined
          ? [evaluateFile, [placed.evaluated, fileExpression, ...pinned(options)]]
          : [evaluateFlake, [placed.folder ?? '', flake, flakeFunction]];
      const result = await shell.run(script, { ...asRoot, args, timeoutMs: evaluationMs, signal });
      const evaluated = evaluatedOr(result, shell.via);
      system = evaluated.path;
      return evaluated;
    },
    async activate(action, onLine, signal) {
      const [script, args] =
        flake === undefined
          ? [rebuildFile, [file, action, ...pinned(options)]]
          : [rebuildFlake, [placed.folder ?? '', flake, action]];
      const activate = async () => {
        placed = await settle({ shell, name }, placed, signal);
        return run(shell, { script, args, onLine }, signal);
      };
      return watchingProfile(shell, system, activate, signal);
    },
    rollBack: (onLine, signal) => run(shell, { script: rollBack, args: [], onLine }, signal),
  };
}

/** A script of nixos-rebuild's, and who is told what it says. */
interface Rebuild {
  readonly script: string;
  readonly args: readonly string[];
  readonly onLine: (line: string) => void;
}

async function run(shell: Shell, { script, args, onLine }: Rebuild, signal: AbortSignal) {
  const last = tail();
  const each = (line: string) => {
    last.add(line);
    onLine(line);
  };
  const ended = async () => {
    const options = { root: true, args, timeoutMs: buildMs, signal, onLine: each };
    const outcome = readOutcome((await shell.run(script, options)).exitCode, last.lines());
    // In the guest nothing went through ssh: 255 is a failure like others.
    return outcome.result === 'connection-lost' ? { ...outcome, result: 'not-built' as const } : outcome;
  };
  return heard(ended, last.lines, signal);
}

/** What there is to say of it: that it was generated. */
async function mustHaveHardware(shell: Shell, signal: AbortSignal): Promise<string[]> {
  const options = { args: [hardwareFile], root: true, timeoutMs: 60_000, signal };
  const { exitCode, stdout, stderr } = await shell.run(generateHardware, options);
  if (exitCode === 0)
    return stdout.includes('generated') ? [`${hardwareFile} was not there and was generated`] : [];
  throw new TruenameError(
    'build-failed',
    `${hardwareFile} is not there and could not be generated:\n${stderr.trim().slice(-2000)}`,
    { where: shell.via, hint: 'Nothing was built. Write it there, or do not import it.' },
  );
}
