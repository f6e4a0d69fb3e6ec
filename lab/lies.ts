import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { facadeFolder } from './node-host.ts';
import type { LabPaths } from './paths.ts';

/** What the agents of guests say instead of the truth: by VM number and agent command, the value they return. */
export type Lies = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Makes agents lie from now on; without lies they tell the truth again. */
export async function setLies(paths: LabPaths, lies?: Lies): Promise<void> {
  const file = join(facadeFolder(paths), 'lies.json');
  if (lies === undefined) await rm(file, { force: true });
  else await writeFile(file, JSON.stringify(lies));
}
