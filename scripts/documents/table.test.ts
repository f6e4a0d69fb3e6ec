import { describe, expect, it } from 'vitest';
import { markdownTable } from './table.ts';

describe('markdownTable', () => {
  it('escapes what would end a cell or a row', () => {
    expect(markdownTable(['A', 'B'], [['x|y', 'two\nlines']])).toBe(
      '| A | B |\n| --- | --- |\n| x\\|y | two lines |',
    );
  });
});
