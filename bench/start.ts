import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Candidate, interleave, type Timing } from './interleave.ts';

const checkout = join(import.meta.dirname, '..');

/** Node 22 warns that it strips types; nobody who installed Truename sees that. */
const quiet = '--disable-warning=ExperimentalWarning';

/** What a start would load if nothing were loaded on use; libraries are among what these load, undici and execa apart. */
const everything = [
  'src/cli/program.ts',
  'src/cli/render/chain.ts',
  'src/cli/render/error.ts',
  'src/cli/render/progress.ts',
  'src/cli/report.ts',
  'src/cli/wire.ts',
  'src/config/load.ts',
  'src/adapters/proxmox/rest.ts',
  'src/provision/rebuild/rebuild.ts',
  'node_modules/execa/index.js',
  'node_modules/undici/index.js',
];

const candidates: readonly Candidate[] = [
  { name: 'node -e 0', args: [quiet, '-e', '0'] },
  { name: 'truename --help', args: [quiet, join(checkout, 'src/cli/main.ts'), '--help'] },
  { name: 'wiring', args: loading(['src/cli/wire.ts']) },
  { name: 'everything', args: loading(everything) },
];

/** How long a start takes, from source: against bare Node, the wiring, and loading everything at once. */
export function benchStart(rounds: number): Timing[] {
  return interleave(candidates, rounds);
}

function loading(files: readonly string[]): string[] {
  const urls = files.map((file) => pathToFileURL(join(checkout, file)).href);
  const script = `for (const url of ${JSON.stringify(urls)}) await import(url);`;
  return [quiet, '--input-type=module', '-e', script];
}
