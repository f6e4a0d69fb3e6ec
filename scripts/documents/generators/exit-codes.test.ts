import { describe, expect, it } from 'vitest';
import { exitCodesTable } from './exit-codes.ts';

describe('exitCodesTable', () => {
  it('has a row for each way in which each command ends', () => {
    const [, ...commands] = exitCodesTable().split('## `truename ');

    expect(commands.map((each) => each.split('`')[0])).toEqual([
      'rebuild',
      'doctor',
      'leases',
      'resolve',
      'reserve',
      'clone',
      'remove',
      'lint-template',
      'guest',
      'fix',
      'undo',
    ]);
    for (const each of commands) {
      // What was removed or installed was read back, or it failed.
      const last = /^(?:remove|guest)/.test(each) ? [] : ['3'];
      expect(codesIn(each)).toEqual(['0', '1', '2', ...last]);
    }
  });
});

function codesIn(text: string): (string | undefined)[] {
  return [...text.matchAll(/^\| `(\d)` \| \S/gm)].map((match) => match[1]);
}
