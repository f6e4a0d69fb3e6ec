import { TruenameError } from '../domain/error.ts';
import { oldestNode } from './version.ts';

/** The error that this Node lacks what the libraries need; undefined where it is new enough. `running` has no `v`. */
export function nodeTooOld(running: string, oldest = oldestNode()): TruenameError | undefined {
  const [major = 0, minor = 0] = running.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = oldest.split('.').map(Number);
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return undefined;
  return new TruenameError(
    'program-missing',
    `Node ${oldest} or newer is needed, and this is Node ${running}`,
    {
      where: process.execPath,
      hint: 'Nothing was done. Run truename with a newer Node; in its checkout `npm run build` puts one into .cache/node.',
    },
  );
}
