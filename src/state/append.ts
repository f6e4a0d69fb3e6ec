import { constants } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { removeQuietly } from './aside.ts';
import { stateProblem } from './state-file.ts';

/**
 * Stands after a line that was cut by the end of the process that wrote it, or by a full disk. The line before it says
 * nothing: nobody was told that it was written.
 */
export const tornMarker = '{"torn":true}';

/**
 * Makes a file with its first lines; they are on the disk when it resolves. Throws `state-unwritable`, also where the
 * file is there already, and leaves none of its own then.
 */
export async function createLines(path: string, lines: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const handle = await open(path, 'wx', 0o600);
    try {
      await writeWhole(handle, lines);
      for (const folder of [dirname(path), dirname(dirname(path))]) await flush(folder);
    } catch (error) {
      await removeQuietly(path);
      throw error;
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw stateProblem(path, error);
  }
}

/**
 * Adds one line to a file that is there; it is on the disk when it resolves. Other processes may add theirs at the same
 * time. Throws `state-unwritable`.
 */
export async function appendLine(path: string, line: string): Promise<void> {
  try {
    const handle = await open(path, constants.O_RDWR | constants.O_APPEND);
    try {
      const repair = (await isCut(handle)) ? `\n${tornMarker}\n` : '';
      await writeWhole(handle, `${repair}${line}\n`);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw stateProblem(path, error);
  }
}

/** One write(2), which O_APPEND puts in one piece behind what others wrote. */
async function writeWhole(handle: FileHandle, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  const { bytesWritten } = await handle.write(bytes);
  if (bytesWritten < bytes.length) throw Object.assign(new Error('cut short'), { code: 'ENOSPC' });
  await handle.sync();
}

async function isCut(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  const last = Buffer.alloc(1);
  await handle.read(last, 0, 1, Math.max(0, size - 1));
  return size > 0 && last.toString() !== '\n';
}

/** The name of a new file is on the disk when its folder is (fsync(2)). */
async function flush(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
