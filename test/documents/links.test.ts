import { describe, expect, it } from 'vitest';
import { anchorsOf, deadLinks, documents, linksOf } from './markdown.ts';

describe('the documents of this checkout', () => {
  it('are found', () => {
    expect(documents()).toEqual(expect.arrayContaining(['README.md', 'docs/reference/errors.md']));
  });

  it('hold no link that leads nowhere', () => {
    expect(documents().flatMap(deadLinks)).toEqual([]);
  });
});

describe('linksOf', () => {
  it('finds links and pictures inside the checkout', () => {
    const text = 'See [one](a.md), ![two](b.png "title"), [three].\n\n[three]: c.md#part\n';

    expect(linksOf(text)).toEqual(['a.md', 'b.png', 'c.md#part']);
  });

  it('passes over code and the rest of the world', () => {
    const text = '`[a](b.md)` [c](https://example.org/d.md)\n\n```sh\n[e](f.md)\n```\n';

    expect(linksOf(text)).toEqual([]);
  });
});

describe('anchorsOf', () => {
  it('names headings as they are linked', () => {
    const text = '# What is `it`?\n\n## Two words\n\n```sh\n# no heading\n```\n\n## Two words\n';

    expect(anchorsOf(text)).toEqual(['what-is-it', 'two-words', 'two-words-1']);
  });
});

describe('deadLinks', () => {
  it('would find a file and a heading that are not there', () => {
    const found = deadLinks('test/architecture/canary/README.md');

    expect(found).toEqual([]);
  });
});
