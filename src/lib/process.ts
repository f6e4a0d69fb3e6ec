/** How a program is run. */
export interface ProcessOptions {
  /** Text for its stdin; none: stdin is closed. */
  readonly input?: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Added to the environment of this process; undefined takes a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Called with each line of stdout and stderr as it comes. */
  readonly onLine?: (line: string) => void;
}

/** How it ended. */
export interface ProcessResult {
  /** Undefined when it did not end by itself. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** What ended it, or kept it from starting, where it was not the program itself. */
  readonly ended: 'exit' | 'signal' | 'timeout' | 'cancelled' | 'too-much-output' | 'not-found';
}

/** Runs a program without a shell; the port behind which tests put their own. */
export type RunProcess = (
  file: string,
  args: readonly string[],
  options: ProcessOptions,
) => Promise<ProcessResult>;

/** Bound of each output stream in characters: a fleet's lease table fits, an endless stream does not. */
const outputBound = 64 * 1024 * 1024;

/** {@link RunProcess} on this machine. Never throws for what the program does. */
export const runProcess: RunProcess = async (file, args, options) => {
  const { execa } = await import('execa');
  const child = execa(file, args, {
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...options.env },
    timeout: options.timeoutMs,
    cancelSignal: options.signal,
    maxBuffer: outputBound,
    reject: false,
    stripFinalNewline: false,
  });
  const listening = options.onLine === undefined ? Promise.resolve() : listen(child, options.onLine);
  const [result] = await Promise.all([child, listening]);
  return {
    exitCode: result.exitCode,
    stdout: result.stdout,
    stderr: result.stderr,
    ended: endOf(result),
  };
};

interface Ended {
  readonly exitCode?: number | undefined;
  readonly code?: string | undefined;
  readonly timedOut: boolean;
  readonly isCanceled: boolean;
  readonly isMaxBuffer: boolean;
}

function endOf(result: Ended): ProcessResult['ended'] {
  if (result.timedOut) return 'timeout';
  if (result.isCanceled) return 'cancelled';
  if (result.isMaxBuffer) return 'too-much-output';
  if (result.exitCode !== undefined) return 'exit';
  return result.code === 'ENOENT' ? 'not-found' : 'signal';
}

async function listen(
  child: { iterable(options: { from: 'all' | 'stdout' | 'stderr' }): AsyncIterable<string> },
  onLine: (line: string) => void,
): Promise<void> {
  const each = async (from: 'stdout' | 'stderr') => {
    try {
      for await (const line of child.iterable({ from })) onLine(line);
    } catch {
      // The iteration fails when the program does; how the program ended is reported by its result.
    }
  };
  await Promise.all([each('stdout'), each('stderr')]);
}
