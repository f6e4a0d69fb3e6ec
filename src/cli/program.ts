import { Command, CommanderError } from 'commander';
import { asTruenameError } from '../domain/error.ts';
import { exitCodes } from '../domain/exit-code.ts';
import { addBundle } from './bundle.ts';
import { addClone } from './clone.ts';
import { addDemo, type PlayDemo } from './demo.ts';
import { addDoctor } from './doctor.ts';
import { addExplain } from './explain.ts';
import { addFix } from './fix.ts';
import { addGuest } from './guest.ts';
import { addLeases } from './leases.ts';
import { addLintTemplate } from './lint-template.ts';
import { nodeTooOld } from './node-too-old.ts';
import type { Output } from './output.ts';
import { addRebuild } from './rebuild.ts';
import { addRelease } from './release.ts';
import { addRemove } from './remove.ts';
import { addReserve } from './reserve.ts';
import { addResolve } from './resolve.ts';
import { addUndo } from './undo.ts';
import { version } from './version.ts';
import { products, type Wiring } from './wiring.ts';

/** What is put into a command line from outside. */
export interface ProgramParts {
  /** The world behind the commands; the products of a site where it is left out. */
  readonly wiring?: Wiring;
  /** Plays the demo. */
  readonly playDemo?: PlayDemo;
}

/** The whole command line; `onEnd` is told the exit code of the command that ran. */
export function createProgram(
  output: Output,
  onEnd: (exitCode: number) => void,
  { wiring = products, playDemo }: ProgramParts = {},
): Command {
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
  addDoctor(program, output, onEnd, wiring);
  addBundle(program, output, onEnd, wiring);
  addExplain(program, output, onEnd);
  addLeases(program, output, onEnd, wiring);
  if (wiring === products) {
    // They write at servers, or ask them what no simulation models.
    addResolve(program, output, onEnd);
    addReserve(program, output, onEnd);
    addRelease(program, output, onEnd);
    addClone(program, output, onEnd);
    addRemove(program, output, onEnd);
    addLintTemplate(program, output, onEnd);
    addGuest(program, output, onEnd);
  }
  addFix(program, output, onEnd, wiring);
  // What it puts back stands in files of this machine, so that it is nothing for another world.
  if (wiring === products) addUndo(program, output, onEnd);
  addRebuild(program, output, (ending) => onEnd(exitCodes[ending].code), wiring);
  if (wiring === products) addDemo(program, output, onEnd, playDemo);
  return program;
}

/** Runs one command line; resolves to the exit code. */
export async function runProgram(
  args: readonly string[],
  output: Output,
  parts: ProgramParts = {},
): Promise<number> {
  let exitCode = 0;
  const onEnd = (code: number) => {
    exitCode = code;
  };
  const program = createProgram(output, onEnd, parts);
  try {
    const tooOld = nodeTooOld(process.versions.node);
    if (tooOld !== undefined) throw tooOld;
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
