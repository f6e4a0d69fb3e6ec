import { describe, expect, it } from 'vitest';
import { rules } from '../../../src/checks/rules.ts';
import { rulesIndex, rulesTable } from './rules-index.ts';

const rule = { id: 'a-rule', link: 'lease', title: 'Something.' } as const;

describe('rulesTable', () => {
  it('says by what real cause a lab guest shows a rule, and of which rules none does', () => {
    const other = { ...rule, id: 'other-rule' };

    expect(rulesTable([rule, other], { 'a-rule': 'a clone | started' }).split('\n').slice(2)).toEqual([
      '| [a-rule](a-rule.md) | lease | Something. | a clone \\| started |',
      '| [other-rule](other-rule.md) | lease | Something. | – |',
    ]);
  });

  it('refuses a cause of a rule that does not exist', () => {
    expect(() => rulesTable([rule], { 'old-rule': 'x' })).toThrow(/old-rule/);
  });
});

describe('rulesIndex', () => {
  it('has a row for each rule', () => {
    const ids = rulesIndex()
      .split('\n')
      .slice(2)
      .map((row) => /^\| \[(\S+)\]\(/.exec(row)?.[1]);

    expect(ids).toEqual(rules.map(({ id }) => id));
  });
});
