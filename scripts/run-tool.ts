import { spawn } from 'node:child_process';
import { root } from './set-up/project.mjs';

/** How a tool ended. */
export interface ToolResult {
  /** The exit code; undefined when it could not be started or was ended by a signal. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  /** Standard output and error as they came, interleaved. */
  readonly output: string;
}

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => interruption.abort());
}

/** Aborts when this run is told to stop; running tools are told too, and are waited for. */
export const interrupted = interruption.signal;

/** Runs a program without a shell; resolves however it ended. */
export function runTool(command: readonly [string, ...string[]], cwd: string = root): Promise<ToolResult> {
  const [program, ...args] = command;
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], signal: interrupted });
  const stdout: Buffer[] = [];
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout.push(chunk);
    output.push(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  return new Promise((resolve) => {
    child.on('error', (error) => output.push(Buffer.from(`${program}: ${error.message}\n`)));
    child.on('close', (code) => {
      const text = Buffer.concat(output).toString();
      resolve({ exitCode: code ?? undefined, stdout: Buffer.concat(stdout).toString(), output: text });
    });
  });
}
