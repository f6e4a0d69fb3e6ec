import { describe, expect, it } from 'vitest';
import { parseJson } from './json.ts';

function nested(levels: number): string {
  return `${'['.repeat(levels)}${']'.repeat(levels)}`;
}

describe('parseJson', () => {
  it.each(['{"a":[1,"b"],"c":null}', '"]}]}[["', '"\\"[{"', '"\\\\"', 'null', '{"a\\\\":"\\"{"}'])(
    'reads %s as the language does',
    (text) => {
      expect(parseJson(text)).toEqual(JSON.parse(text));
    },
  );

  it.each(['', '{', 'plain text', '"open', '"\\', '[1,]', ']]]]'])('gives nothing for %j', (text) => {
    expect(parseJson(text)).toBeUndefined();
  });

  it('counts levels, not brackets', () => {
    expect(parseJson(nested(64))).toBeDefined();
    expect(parseJson(nested(65))).toBeUndefined();
    expect(parseJson(`[${'[],{},'.repeat(1000)}0]`)).toHaveLength(2001);
    expect(parseJson(JSON.stringify('['.repeat(1000)))).toBe('['.repeat(1000));
  });

  it('refuses 32 MiB of brackets without building anything of them', () => {
    expect(parseJson('['.repeat(32 * 1024 * 1024))).toBeUndefined();
    expect(parseJson('{"a":'.repeat(1_000_000))).toBeUndefined();
  });
});
