import { TruenameError } from '../../domain/error.ts';
import type { EvaluatedSystem } from '../../domain/system-builder.ts';
import { isOutOfMemory } from './outcome.ts';

/** What is asked of a system's configuration; the path is that of the whole system, of which nothing is built for it. */
const asked = '{ name = c.networking.hostName; path = c.system.build.toplevel.outPath; }';

/** For `nix-instantiate --eval -E`; finds the configuration by `-I nixos-config=`, as nixos-rebuild does. */
export const fileExpression = `let c = (import <nixpkgs/nixos> { }).config; in ${asked}`;

/** For `nix eval --apply` on a configuration of a flake. */
export const flakeFunction = `c: ${asked}`;

/** What nix-instantiate or nix printed as JSON; undefined when it is not that. */
function readEvaluated(json: string): EvaluatedSystem | undefined {
  try {
    const { name, path } = JSON.parse(json) as { name?: unknown; path?: unknown };
    if (typeof name !== 'string' || typeof path !== 'string') return undefined;
    return { declaredName: name, path };
  } catch {
    return undefined;
  }
}

function outOfMemory(exitCode: number | undefined, where: string): TruenameError {
  return new TruenameError(
    'build-failed',
    `the evaluation was killed (${exitCode}), most likely because memory was used up`,
    { where, hint: 'Nothing was built. Give that machine more memory, or build elsewhere: --build-on.' },
  );
}

/** The evaluated system, or the error with the end of what nix said. */
export function evaluatedOr(
  { exitCode, stdout, stderr }: { exitCode: number | undefined; stdout: string; stderr: string },
  where: string,
): EvaluatedSystem {
  const evaluated = exitCode === 0 ? readEvaluated(stdout) : undefined;
  if (evaluated !== undefined) return evaluated;
  if (isOutOfMemory(exitCode)) throw outOfMemory(exitCode, where);
  const reason = stderr.trim().split('\n').slice(-30).join('\n');
  throw new TruenameError('evaluation-failed', `the configuration does not evaluate:\n${reason}`, {
    where,
    hint: 'Nothing was built; mend the configuration and run this again.',
  });
}
