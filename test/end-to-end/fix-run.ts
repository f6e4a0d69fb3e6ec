import type { ChildProcess } from 'node:child_process';
import type { Lab } from '../../lab/lab.ts';
import type { FixReport } from '../../src/cli/fix-report.ts';
import type { FixEvent } from '../../src/domain/fix-event.ts';
import { type WatchedRun, watchRun } from './watched-run.ts';

/** `truename fix … --events --json` in a folder; the watcher gets each event as it comes, and may kill. */
export function watchFix(
  lab: Lab,
  folder: string,
  args: readonly string[],
  onEvent: (event: FixEvent, child: ChildProcess) => void | Promise<void>,
  env: Readonly<Record<string, string>> = {},
): Promise<WatchedRun<FixEvent, FixReport>> {
  return watchRun(lab, { folder, words: ['fix', ...args], onEvent, env });
}
