import { describe, expect, it } from 'vitest';
import { anchorsOf, deadLinks, documents, linksOf } from './markdown.ts';

describe('the documents of this checkout', () => {
  it('are found', () => {
    expect(documents()).toEqual(expect.arrayContaining(['README.md', 'docs/reference/errors.md']));
  });

  it('hold no link that leads nowhere', () => {
    expect(documents().flatMap((file) => deadLinks(file))).toEqual([]);
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
  it.each([
    ['a file', '[x](nowhere.md)', /there is no docs\/nowhere\.md/],
    ['a heading', '[x](reference/errors.md#nothing)', /no such heading/],
    ['a heading of its own', '# A\n\n[x](#b)', /no such heading/],
    ['a file outside', '[x](../../secret.md)', /there is no \.\.\/secret\.md/],
  ])('finds a link to %s that is not there', (_what, text, complaint) => {
    expect(deadLinks('docs/x.md', text)).toEqual([expect.stringMatching(complaint)]);
  });

  it('is content with what is there', () => {
    expect(
      deadLinks('docs/x.md', '[x](reference/errors.md#error-codes) [y](../LICENSE) [z](reference)'),
    ).toEqual([]);
  });
});
