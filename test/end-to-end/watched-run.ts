import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { truenameProgram } from '../../demo/truename.ts';
import type { Lab } from '../../lab/lab.ts';

/** How a run ended that could be watched on its way. */
export interface WatchedRun<Event, Report> {
  /** Null when it was killed. */
  readonly exitCode: number | null;
  readonly events: readonly Event[];
  /** Undefined when it was killed. */
  readonly report: Report | undefined;
}

/** What is run, where, and who watches. */
export interface Watching<Event> {
  readonly folder: string;
  /** Without `--events` and `--json`, which are added. */
  readonly words: readonly string[];
  /** Gets each event as it comes, and may kill. */
  readonly onEvent: (event: Event, child: ChildProcess) => void | Promise<void>;
  readonly env?: Readonly<Record<string, string>>;
}

/** A command of Truename's with its events. */
export async function watchRun<Event, Report>(
  lab: Lab,
  { folder, words, onEvent, env = {} }: Watching<Event>,
): Promise<WatchedRun<Event, Report>> {
  const program = [...truenameProgram, ...words, '--events', '--json'];
  const child = await lab.controller.start(program, { cwd: folder, env });
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('a child without pipes');
  const events: Event[] = [];
  const printed: string[] = [];
  const reading = (async () => {
    for await (const line of createInterface({ input: stderr })) {
      if (!line.startsWith('{')) continue;
      const event = JSON.parse(line) as Event;
      events.push(event);
      await onEvent(event, child);
    }
  })();
  stdout.setEncoding('utf8').on('data', (text: string) => printed.push(text));
  await Promise.all([once(child, 'close'), reading]);
  const text = printed.join('');
  const report = text.endsWith('}\n') ? (JSON.parse(text) as Report) : undefined;
  return { exitCode: child.exitCode, events, report };
}
