import { appendFileSync, mkdirSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Logs that are kept of one subject; older ones go when a new one is begun. */
const kept = 20;

/** The output of one run, as it comes. */
export interface RunLog {
  /** Its path; undefined while nothing was written, and where it could not be. */
  path(): string | undefined;
  /** Why it could not be written; undefined where it could. */
  failure(): string | undefined;
  /** Adds a line. Never throws: a log that cannot be written keeps nobody from working. */
  write(line: string): void;
  /** Removes the oldest of those of the same subject. Never throws: what stays takes room and nothing else. */
  close(): Promise<void>;
}

/**
 * A log in `logs/` of the state directory, named by subject and run, for its owner alone. It is made with its first line,
 * and each line is on its way to the disk when `write` returns: what a killed run had heard is there.
 */
export function runLog(directory: string, subject: string, run: string): RunLog {
  const folder = join(directory, 'logs');
  const path = join(folder, `${subject}-${run}.log`);
  let written = false;
  let failure: string | undefined;
  return {
    path: () => (written ? path : undefined),
    failure: () => failure,
    write(line) {
      if (failure !== undefined) return;
      try {
        if (!written) mkdirSync(folder, { recursive: true, mode: 0o700 });
        appendFileSync(path, `${line}\n`, { mode: 0o600 });
        written = true;
      } catch (error) {
        failure = (error as Error).message;
      }
    },
    async close() {
      if (!written) return;
      const names = await readdir(folder).catch(() => []);
      const own = names.filter((name) => name.startsWith(`${subject}-`) && name.endsWith('.log')).sort();
      for (const old of own.slice(0, -kept))
        await rm(join(folder, old), { force: true }).catch(() => undefined);
    },
  };
}
