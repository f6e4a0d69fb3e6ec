import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Lab files that take minutes, the longest first: one that begins last would run alone at the end. */
const longest = [
  'rebuild-killed',
  'clone-killed',
  'fix-killed',
  'guest-maker',
  'clone',
  'dhcp-client',
  'fix-harm',
  'clone-seed',
].map((name) => `/${name}.lab.test.ts`);

/** Where a file comes; those of no known length after all others. */
export function rankOf(path: string): number {
  const index = longest.findIndex((end) => path.endsWith(end));
  return index === -1 ? longest.length : index;
}

/** Begins with the files that take longest, and leaves the order of the rest to Vitest. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((left, right) => rankOf(left.moduleId) - rankOf(right.moduleId));
  }
}
