import { join } from 'node:path';
import { command } from '../command.ts';
import { checkout } from '../paths.ts';
import { debianArchive, derived, type Say } from './cache.ts';
import { type KeaVersion, keaPackages, keaSuites } from './packages.ts';

/** The tree of a machine with this Kea; fetched where it is missing, which takes a minute. */
export async function prepareKeaTree(version: KeaVersion, say: Say): Promise<string> {
  const name = `kea-${version}`;
  const script = join(checkout, 'lab', 'tree', 'prepare-kea.sh');
  const archive = await debianArchive(name, keaSuites[version], keaPackages, say);
  const make = async (tree: string) => {
    await command('tar', ['--extract', '--file', archive, '--directory', tree, '--exclude=./dev/*']);
    await command(script, [tree]);
  };
  return derived({ name, from: [archive], inputs: [script], make }, say);
}
