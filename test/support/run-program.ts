import { runProgram } from '../../src/cli/program.ts';

/** Runs the command line in this process, as without a terminal; what it printed, and how it ended. */
export async function run(
  ...args: string[]
): Promise<{ exitCode: number; progress: string; result: string }> {
  let progress = '';
  let result = '';
  const exitCode = await runProgram(args, {
    progress: (text) => {
      progress += text;
    },
    result: (text) => {
      result += text;
    },
    live: false,
    colour: false,
  });
  return { exitCode, progress, result };
}
