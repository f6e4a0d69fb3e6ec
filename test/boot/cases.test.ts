import { describe, expect, it } from 'vitest';
import { bootCases, chainsOf } from './cases.ts';

const names = (only: readonly string[]) => chainsOf(only)?.map((chain) => chain.map(({ name }) => name));

describe('chainsOf', () => {
  it('puts a case behind those that it follows', () => {
    expect(names(['renamed', 'today'])).toEqual([['today'], ['module', 'reboot', 'renamed']]);
  });

  it('holds every case once when none is named', () => {
    expect(names([])?.flat().sort()).toEqual(bootCases.map(({ name }) => name).sort());
  });

  it('knows no other names', () => {
    expect(names(['module', 'tomorrow'])).toBeUndefined();
  });
});
