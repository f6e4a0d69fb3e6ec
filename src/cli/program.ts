import { Command, CommanderError } from 'commander';
import { asTruenameError } from '../domain/error.ts';
import { exitCodes } from '../domain/exit-code.ts';
import { addBundle } from './bundle.ts';
import { addDoctor } from './doctor.ts';
import { addExplain } from './explain.ts';
import { addFix } from './fix.ts';
import { addLeases } from './leases.ts';
import type { Output } from './output.ts';
import { addRebuild } from './rebuild.ts';
import { addRelease } from './release.ts';
import { addReserve } from './reserve.ts';
import { addResolve } from './resolve.ts';
import { addUndo } from './undo.ts';
import { version } from './version.ts';

/** The whole command line; `onEnd` is told the exit code of the command that ran. */
export function createProgram(output: Output, onEnd: (exitCode: number) => void): Command {
  const program = new Command('truename')
    .description('Every clone leases under its own name, from its first DISCOVER, and stays so.')
    .version(version())
    .showHelpAfterError('(add --help for the whole usage)')
    .configureOutput({ writeOut: output.result, writeErr: output.progress })
    .exitOverride()
    .addHelpText(
      'after',
      '\nEach command has exit codes of its own: truename <command> --help. 0 is well, 2 is a wrong command line.',
    );
  addDoctor(program, output, onEnd);
  addBundle(program, output, onEnd);
  addExplain(program, output, onEnd);
  addLeases(program, output, onEnd);
  addResolve(program, output, onEnd);
  addReserve(program, output, onEnd);
  addRelease(program, output, onEnd);
  addFix(program, output, onEnd);
  addUndo(program, output, onEnd);
  addRebuild(program, output, (ending) => onEnd(exitCodes[ending].code));
  return program;
}

/** Runs one command line; resolves to the exit code. */
export async function runProgram(args: readonly string[], output: Output): Promise<number> {
  let exitCode = 0;
  const program = createProgram(output, (code) => {
    exitCode = code;
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
  return exitCode;
}
