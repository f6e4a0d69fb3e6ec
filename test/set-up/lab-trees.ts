import { prepareTrees } from '../../lab/tree/trees.ts';

/** Builds what is missing of the lab's trees before the first file asks for it: two labs at once would both build it. */
export async function setup(): Promise<void> {
  await prepareTrees((line) => process.stderr.write(`${line}\n`));
}
