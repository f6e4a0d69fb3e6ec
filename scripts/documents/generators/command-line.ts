import type { Command } from 'commander';
import { createProgram } from '../../../src/cli/program.ts';

/** Columns of the help texts, whatever the terminal of this run is. */
const width = 100;

/** The help of the whole command line and of each command, as `--help` prints it. Nothing is run. */
export function commandLineHelp(): string {
  const written: string[] = [];
  const write = (text: string) => void written.push(text);
  const program = createProgram({ progress: write, result: write, live: false, colour: false }, () => {
    throw new Error('A document was to be made, and a command was run.');
  });
  const all = [program, ...program.commands.flatMap((command) => [command, ...command.commands])];
  const sections = all.map((command) => {
    written.length = 0;
    command.configureOutput({ getOutHelpWidth: () => width, getOutHasColors: () => false }).outputHelp();
    return [`## \`${nameOf(command)}\``, '', '```text', written.join('').trim(), '```'].join('\n');
  });
  return sections.join('\n\n');
}

function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}
