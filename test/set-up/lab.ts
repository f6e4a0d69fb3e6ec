import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareKeaTree } from '../../lab/tree/kea-tree.ts';
import { prepareTrees } from '../../lab/tree/trees.ts';
import { buildPackage } from './package.ts';

/**
 * Builds what is missing of the lab's trees before the first file asks for it: two labs at once would both build it. Builds the
 * package, too, for the tests that run the command line: it is what people run, and starts faster than the sources do.
 */
export async function setup(): Promise<() => Promise<void>> {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  await Promise.all([prepareTrees(say), prepareKeaTree('2.2', say), prepareKeaTree('2.6', say)]);
  const folder = await mkdtemp(join(tmpdir(), 'truename-package-'));
  await buildPackage(folder);
  process.env.TRUENAME_PACKAGE = folder;
  return () => rm(folder, { recursive: true, force: true });
}
