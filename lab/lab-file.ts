import { mkdir, mkdtemp, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LabPaths, labsRoot, treesRoot } from './paths.ts';
import type { Trees } from './tree/trees.ts';

/** What a lab writes down of itself, for its own processes and for whoever has to clean up after it. */
export interface LabFile {
  readonly id: string;
  /** The process whose end is the end of the lab. */
  readonly owner: ProcessIdentity;
  readonly trees: Trees;
}

/** A process id and the start time that tells it from a later process with the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since the machine's boot (field 22 of proc_pid_stat(5)). */
  readonly started: string;
}

/** The identity of a living process; undefined when there is none. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The name in parentheses may hold spaces and parentheses; fields are counted after the last one.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  const started = fields?.[19];
  return started === undefined ? undefined : { pid, started };
}

/** True when that very process still lives. */
export async function lives(identity: ProcessIdentity): Promise<boolean> {
  return (await identify(identity.pid))?.started === identity.started;
}

/** Writes the lab's description whole or not at all. */
export async function writeLabFile(paths: LabPaths, file: LabFile): Promise<void> {
  await writeFile(`${paths.description}.new`, JSON.stringify(file, null, 2));
  await rename(`${paths.description}.new`, paths.description);
}

/** Creates the lab's folder with its description already in it, so that no clean-up takes it for a dead one. */
export async function createLabFolder(paths: LabPaths, file: LabFile): Promise<void> {
  await mkdir(labsRoot, { recursive: true, mode: 0o700 });
  const making = await mkdtemp(join(treesRoot, 'lab-'));
  await writeFile(join(making, 'lab.json'), JSON.stringify(file, null, 2));
  await mkdir(join(making, 'log'));
  await mkdir(join(making, 'host'));
  await rename(making, paths.root);
}

/** The lab's description; undefined when the lab is gone or never got that far. */
export async function readLabFile(paths: LabPaths): Promise<LabFile | undefined> {
  const text = await readFile(paths.description, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as LabFile);
}
