import { execa } from 'execa';

/** What a finished command printed. */
export interface Output {
  readonly stdout: string;
  readonly exitCode: number;
}

/** Runs a program of the machine to its end; throws with its stderr when it fails. */
export async function command(file: string, args: readonly string[], input?: string): Promise<Output> {
  const result = await execa(file, args, input === undefined ? { stdin: 'ignore' } : { input });
  return { stdout: result.stdout, exitCode: 0 };
}

/** The same, but a failure is only an exit code. */
export async function attempt(file: string, args: readonly string[]): Promise<Output> {
  const result = await execa(file, args, { stdin: 'ignore', reject: false });
  return { stdout: result.stdout, exitCode: result.exitCode ?? 255 };
}
