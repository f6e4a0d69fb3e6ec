import { TruenameError } from '../../domain/error.ts';
import type { Shell, SystemBuilder } from '../../domain/ports.ts';
import { readName, readOutcome, tail } from './outcome.ts';

/** What is built, and where. */
export interface OnTargetOptions {
  /** A shell in the guest; scripts run as root. */
  readonly shell: Shell;
  /** The VM's name; the file in the guest is named after it. */
  readonly name: string;
  /** The configuration's text. */
  readonly configuration: string;
}

/**
 * NixOS sets NIX_PATH for logins only; a script finds it where /etc/profile does. /run/wrappers and
 * /run/current-system are where NixOS keeps its programs.
 */
const environment = `
if [ -z "\${NIX_PATH:-}" ] && [ -r /etc/set-environment ]; then . /etc/set-environment; fi
PATH=/run/wrappers/bin:/run/current-system/sw/bin:$PATH; export PATH`;

const put = `
umask 077
mkdir -p /etc/nixos
printf '%s' "$2" | base64 -d >"/etc/nixos/.$1.nix.new" && mv "/etc/nixos/.$1.nix.new" "/etc/nixos/$1.nix"`;

const evaluate = `${environment}
exec nix-instantiate --eval --json '<nixpkgs/nixos>' --attr config.networking.hostName -I "nixos-config=/etc/nixos/$1.nix"`;

const rebuild = `${environment}
cd /
exec nixos-rebuild switch --no-flake -I "nixos-config=/etc/nixos/$1.nix"`;

/** Builds in the guest itself: nothing but the configuration travels, and absolute imports are the guest's own. */
export function buildOnTarget({ shell, name, configuration }: OnTargetOptions): SystemBuilder {
  const file = `/etc/nixos/${name}.nix`;
  return {
    where: 'target',
    async prepare(signal) {
      const encoded = Buffer.from(configuration, 'utf8').toString('base64');
      const { exitCode, stderr } = await shell.run(put, {
        args: [name, encoded],
        root: true,
        timeoutMs: 30_000,
        signal,
      });
      if (exitCode !== 0) throw failed('build-failed', `${file} could not be written`, shell.via, stderr);
    },
    async declaredName(signal) {
      const result = await shell.run(evaluate, { args: [name], root: true, timeoutMs: 600_000, signal });
      const declared = result.exitCode === 0 ? readName(result.stdout) : undefined;
      if (declared === undefined)
        throw failed('build-failed', 'the configuration does not evaluate', shell.via, result.stderr);
      return declared;
    },
    async switch(onLine, signal) {
      const last = tail();
      const { exitCode } = await shell.run(rebuild, {
        args: [name],
        root: true,
        timeoutMs: 3_600_000,
        signal,
        onLine(line) {
          last.add(line);
          onLine(line);
        },
      });
      return readOutcome(exitCode, last.lines());
    },
  };
}

function failed(code: 'build-failed', what: string, where: string, stderr: string): TruenameError {
  const reason = stderr.trim().split('\n').slice(-30).join('\n');
  return new TruenameError(code, `${what}:\n${reason}`, {
    where,
    hint: 'Nothing was activated; mend the configuration and run this again.',
  });
}
