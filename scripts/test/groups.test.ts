import { describe, expect, it } from 'vitest';
import { groups, readArguments } from './groups.mjs';

const all = groups.map((group) => group.name);

describe('readArguments', () => {
  it('takes no argument for every group', () => {
    expect(readArguments([])).toEqual({ kind: 'run', names: all });
  });

  it.each([[['--only', 'types,lint']], [['--only=types,lint']]])(
    '%j runs them in their own order',
    (args) => {
      expect(readArguments(args)).toEqual({ kind: 'run', names: ['lint', 'types'] });
    },
  );

  it.each([
    [['--list'], 'list'],
    [['--help'], 'help'],
    [['-h'], 'help'],
  ] as const)('%j', (args, kind) => {
    expect(readArguments(args).kind).toBe(kind);
  });

  it.each([
    [['--only']],
    [['--only', 'lint', 'more']],
    [['lint']],
    [['--only', '']],
    [['--only', 'lint,no-such']],
  ])('%j is not understood', (args) => {
    expect(readArguments(args).kind).toBe('wrong');
  });
});
