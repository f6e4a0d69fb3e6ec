import { isAbsolute, join, resolve } from 'node:path';

/** A path of the file made absolute: `~/` is the home directory, other relative ones start at `base`. */
export function absolutePath(path: string, base: string, homeDirectory: string): string {
  if (path === '~') return homeDirectory;
  if (path.startsWith('~/')) return join(homeDirectory, path.slice(2));
  return isAbsolute(path) ? path : resolve(base, path);
}
