import { prepareKeaTree } from '../../lab/tree/kea-tree.ts';
import { prepareTrees } from '../../lab/tree/trees.ts';

/** Builds what is missing of the lab's trees before the first file asks for it: two labs at once would both build it. */
export async function setup(): Promise<void> {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  await Promise.all([prepareTrees(say), prepareKeaTree('2.2', say), prepareKeaTree('2.6', say)]);
}
