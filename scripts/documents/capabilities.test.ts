import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../set-up/project.mjs';
import { capabilityGaps, readCapabilities } from './capabilities.ts';

const table = { port: { promises: ['a', 'b'], products: { whole: [], part: ['b'] } } };

describe('capabilityGaps', () => {
  it.each([
    ['whole', ['a', 'b']],
    ['part', ['a']],
  ])('finds none where %s ran what it has', (product, ran) => {
    expect(capabilityGaps(table, { port: 'port', product, ran })).toEqual([]);
  });

  it.each([
    ['whole', ['a'], 'was not run on whole: b'],
    ['part', ['a', 'b'], 'part does not lack it: b'],
    ['whole', ['a', 'b', 'c'], 'not among the promises of port: c'],
    ['new', ['a'], 'port has no line for this product; add "new": ["b"]'],
  ])('tells of %s that ran %j', (product, ran, gap) => {
    expect(capabilityGaps(table, { port: 'port', product, ran })).toEqual([gap]);
  });

  it('tells of a lack that is no promise', () => {
    const odd = { port: { promises: ['a'], products: { odd: ['z'] } } };

    expect(capabilityGaps(odd, { port: 'port', product: 'odd', ran: ['a'] })).toEqual([
      'odd lacks what is no promise: z',
    ]);
  });
});

describe('the table of capabilities', () => {
  it('names no product that no contract test names', () => {
    const tests = globSync('test/contract/*.test.ts', { cwd: root });
    const text = tests.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
    const named = [...text.matchAll(/\w+Contract\(\s*(['`])(.+?)\1/g)].map(
      ([, , name = '']) =>
        new RegExp(
          `^${name
            .split(/\$\{.+?\}/)
            .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
            .join('.+')}$`,
        ),
    );
    const products = Object.values(
      readCapabilities(readFileSync(join(root, 'test/contract/capabilities.json'), 'utf8')),
    ).flatMap((each) => Object.keys(each.products));

    expect(products.filter((product) => !named.some((each) => each.test(product)))).toEqual([]);
    expect(named.filter((each) => !products.some((product) => each.test(product)))).toEqual(
      named.filter(({ source }) => /world|demo/.test(source)),
    );
  });
});
