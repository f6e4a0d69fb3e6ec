import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { linuxGuestUnits, unitTargets } from '../adapters/linux/guest-units.ts';
import type { Configuration } from '../config/configuration.ts';
import { TruenameError } from '../domain/error.ts';
import type { PackagedFile } from '../domain/guest-units.ts';
import type { GuestUnitsSources } from '../provision/guest-units/context.ts';
import { stateDirectory } from '../state/directory.ts';
import { fileLocks } from '../state/locks.ts';
import { newRun } from '../state/run-id.ts';
import { canWriteState } from '../state/whole-state.ts';
import type { WireOptions } from './wire.ts';
import { wireExamination } from './wire-examine.ts';

/** Everything that changes the units in guests; `close` ends its shared connections. */
export interface WiredGuestUnits {
  readonly run: string;
  readonly sources: GuestUnitsSources;
  close(): Promise<void>;
}

/** Where the files are, both in a checkout and in the installed package. */
const folder = new URL('../../nix/guest/', import.meta.url);

/** The composition root of `guest`. Throws `state-unwritable` where guests are to be changed and cannot be locked. */
export async function wireGuestUnits(
  configuration: Configuration,
  changes: boolean,
  options: WireOptions,
): Promise<WiredGuestUnits> {
  const given = options.stateDirectory ?? configuration.stateDirectory;
  const directory = stateDirectory(given, process.env, homedir());
  const stateless = changes ? await canWriteState(directory) : undefined;
  if (stateless !== undefined) throw stateless;
  const { sources, close } = await wireExamination(configuration, options);
  return {
    run: newRun(new Date()),
    sources: {
      ...sources,
      units: linuxGuestUnits,
      packaged: readPackaged,
      ...(changes ? { locks: fileLocks(directory) } : {}),
    },
    close,
  };
}

async function readPackaged(): Promise<PackagedFile[]> {
  const named = (name: string) =>
    readFile(new URL(name, folder)).catch((error: unknown) => {
      throw new TruenameError('internal', `the package lacks nix/guest/${name}`, { cause: error });
    });
  const files = Object.entries(unitTargets).map(async ([name, target]) => ({
    name,
    target,
    content: await named(name),
  }));
  return Promise.all([...files, named('install.sh').then((content) => ({ name: 'install.sh', content }))]);
}
