import { describe, expect, it } from 'vitest';
import { canaryComplaints, treeComplaints } from './rules-group.ts';

const violation = (name: string, from = 'src/domain/bad.ts') => ({
  from,
  to: 'src/lib/log.ts',
  rule: { name },
});
const report = (totalCruised: number, violations: ReturnType<typeof violation>[]) => ({
  summary: { totalCruised, violations },
});

describe('treeComplaints', () => {
  it('has none about a tree that keeps the rules', () => {
    expect(treeComplaints(report(9, []))).toEqual([]);
  });

  it('says where a rule is broken', () => {
    expect(treeComplaints(report(9, [violation('pure')]))).toEqual([
      'pure: src/domain/bad.ts -> src/lib/log.ts',
    ]);
  });

  it('does not take a check that saw nothing for a good one', () => {
    expect(treeComplaints(report(0, []))).toEqual([expect.stringContaining('0 modules')]);
  });
});

describe('canaryComplaints', () => {
  it('has none where every rule is reported', () => {
    expect(
      canaryComplaints(report(9, [violation('pure'), violation('no-cycle')]), ['pure', 'no-cycle']),
    ).toEqual([]);
  });

  it('names a rule that sees nothing', () => {
    expect(canaryComplaints(report(9, [violation('pure')]), ['no-cycle'])).toEqual([
      expect.stringContaining('"no-cycle"'),
    ]);
  });

  it('complains where the good file is reported', () => {
    const complaints = canaryComplaints(report(9, [violation('pure', 'src/cli/wire.ts')]), ['pure']);

    expect(complaints).toEqual([expect.stringContaining('src/cli/wire.ts')]);
  });
});
