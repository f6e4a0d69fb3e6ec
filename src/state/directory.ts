import { join } from 'node:path';

/**
 * Where state is kept: `--state-dir`, else `$STATE_DIRECTORY` (systemd.exec(5), the first of several), else
 * `$XDG_STATE_HOME/truename` (XDG Base Directory Specification), else `~/.local/state/truename`.
 */
export function stateDirectory(
  given: string | undefined,
  environment: NodeJS.ProcessEnv,
  home: string,
): string {
  if (given !== undefined) return given;
  const fromSystemd = environment.STATE_DIRECTORY?.split(':')[0];
  if (fromSystemd) return fromSystemd;
  const xdg = environment.XDG_STATE_HOME;
  return join(xdg?.startsWith('/') ? xdg : join(home, '.local/state'), 'truename');
}
