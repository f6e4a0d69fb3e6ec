import { describe, expect, it } from 'vitest';
import { exitCodesTable } from './exit-codes.ts';

describe('exitCodesTable', () => {
  it('has a row for each way to end', () => {
    const codes = exitCodesTable()
      .split('\n')
      .slice(2)
      .map((row) => /^\| `(\d)` \| \S/.exec(row)?.[1]);

    expect(codes).toEqual(['0', '1', '2', '3']);
  });
});
