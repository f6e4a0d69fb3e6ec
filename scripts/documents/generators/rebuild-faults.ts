import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../set-up/project.mjs';
import { markdownTable } from '../table.ts';

/** A thing that goes wrong, how the run ends then, and the test that shows it by its file and title. */
interface Fault {
  readonly fault: string;
  readonly ending: string;
  readonly file: string;
  readonly title: string;
}

const textOf = (file: string) =>
  existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : undefined;

/** What may go wrong with a rebuild, how it ends, and which test shows it. */
export function rebuildFaultsTable(): string {
  return faultsTable(textOf('test/documents/rebuild-faults.txt') ?? '', textOf);
}

/** What may go wrong with a reservation, how it ends, and which test shows it. */
export function reservationFaultsTable(): string {
  return faultsTable(textOf('test/documents/reservation-faults.txt') ?? '', textOf);
}

/** The table of a list of faults; a test that is not in its file under its title is a mistake, and thrown. */
export function faultsTable(list: string, read: (file: string) => string | undefined): string {
  const rows = readFaults(list).map(({ fault, ending, file, title }) => {
    if (read(file)?.includes(`'${title}'`) !== true) throw new Error(`${file} has no test '${title}'`);
    return [fault, ending, `[${title}](../../${file})`];
  });
  return markdownTable(['What goes wrong', 'How it ends', 'Test'], rows);
}

function readFaults(list: string): Fault[] {
  return list
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [fault, ending, file, title, ...more] = line.split(' | ');
      if (
        fault === undefined ||
        ending === undefined ||
        file === undefined ||
        title === undefined ||
        more.length > 0
      )
        throw new Error(`this is no fault, ending, file and title: ${line}`);
      return { fault, ending, file, title };
    });
}
