import { describe, expect, it } from 'vitest';
import { type SelectionOptions, selectionOf } from './guest-selection.ts';

describe('selectionOf', () => {
  it.each<[string, readonly string[], SelectionOptions, object]>([
    ['guests that are named', ['alpha', '611'], {}, { words: ['alpha', '611'], all: false }],
    ['every guest', [], { all: true }, { words: [], all: true }],
    ['a tag', [], { tag: 'nixos' }, { words: [], all: false, tag: 'nixos' }],
    ['a node', [], { node: 'pve1' }, { words: [], all: false, node: 'pve1' }],
    ['a pool', [], { pool: 'web' }, { words: [], all: false, pool: 'web' }],
    ['guests beside a tag', ['alpha'], { tag: 'nixos' }, { words: ['alpha'], all: false, tag: 'nixos' }],
  ])('takes %s', (_what, words, options, selection) => {
    expect(selectionOf(words, options, 'fix')).toEqual(selection);
  });

  it.each(['fix', 'reserve', 'release'] as const)('takes nobody for everybody with %s', (command) => {
    expect(() => selectionOf([], {}, command)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});
