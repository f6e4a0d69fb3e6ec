import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { asTruenameError } from '../domain/error.ts';
import { type Ending, exitCodes } from '../domain/exit-code.ts';
import type { Output } from './output.ts';
import { addRebuild, exitCodeHelp } from './rebuild.ts';

/** The whole command line; `onEnd` is told how the command ended. */
export function createProgram(output: Output, onEnd: (ending: Ending) => void): Command {
  const program = new Command('truename')
    .description('Every clone leases under its own name, from its first DISCOVER, and stays so.')
    .version(version())
    .showHelpAfterError('(add --help for the whole usage)')
    .configureOutput({ writeOut: output.result, writeErr: output.progress })
    .exitOverride()
    .addHelpText('after', exitCodeHelp);
  addRebuild(program, output, onEnd);
  for (const command of program.commands) command.addHelpText('after', exitCodeHelp);
  return program;
}

/** Runs one command line; resolves to the exit code. */
export async function runProgram(args: readonly string[], output: Output): Promise<number> {
  let ending: Ending = 'proven';
  const program = createProgram(output, (end) => {
    ending = end;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage.code;
    const { renderError } = await import('./render/error.ts');
    const known = asTruenameError(error);
    output.progress(`${renderError(known).join('\n')}\n`);
    return exitCodes[known.code === 'usage' ? 'usage' : 'failed'].code;
  }
  return exitCodes[ending].code;
}

function version(): string {
  const path = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
