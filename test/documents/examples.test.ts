import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../scripts/set-up/project.mjs';
import { crossReferenceProblems } from '../../src/config/cross-references.ts';
import { parseSource } from '../../src/config/document.ts';
import { configurationSchema } from '../../src/config/schema.ts';
import { documents } from './markdown.ts';

/** The examples of a whole `truename.yaml` in all documents. */
const examples = documents().flatMap((file) => {
  const text = readFileSync(join(root, file), 'utf8');
  const blocks = [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map((match) => match[1] as string);
  return blocks.filter((block) => block.includes('hypervisors:')).map((block) => ({ file, block }));
});

describe('examples of truename.yaml in the documents', () => {
  it('are found', () => {
    expect(examples.map(({ file }) => file)).toEqual(
      expect.arrayContaining(['README.md', 'docs/reference/configuration.md']),
    );
  });

  it.each(examples)('is one that Truename takes: $file', ({ file, block }) => {
    const source = parseSource(file, block);

    expect(configurationSchema.safeParse(source.value).error?.issues).toBeUndefined();
    expect(crossReferenceProblems(source)).toEqual([]);
  });
});
