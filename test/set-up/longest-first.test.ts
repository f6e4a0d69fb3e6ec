import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rankOf } from './longest-first.ts';

describe('the order of the lab files', () => {
  it('has the longest first, and knows each of them', () => {
    const files = globSync('{src,facades,lab,demo,sim,scripts,test}/**/*.lab.test.ts');
    const last = rankOf('/nowhere.lab.test.ts');
    const known = files.map((file) => rankOf(`/${file}`)).filter((rank) => rank < last);

    expect(known.sort((one, other) => one - other)).toEqual(
      Array.from({ length: last }, (_, index) => index),
    );
    expect(rankOf('/test/end-to-end/rebuild-killed.lab.test.ts')).toBe(0);
  });
});
