import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExactly, sameJson } from './exact-json.ts';

describe('parseExactly', () => {
  it.each(['{"a":1.0,"b":0.50,"c":1e3,"d":18446744073709551615,"e":[-0,1],"f":"1.0"}', '[]', '{"a":null}'])(
    'writes %s as it stood',
    (text) => {
      expect(JSON.stringify(parseExactly(text))).toBe(text);
    },
  );

  it('changes nothing of any JSON', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const whole = JSON.stringify(JSON.parse(text));
        expect(JSON.parse(JSON.stringify(parseExactly(whole)))).toEqual(JSON.parse(whole));
      }),
    );
  });
});

describe('sameJson', () => {
  it.each([
    ['{"a":1,"b":[1.0]}', '{ "b": [ 1.0 ], "a": 1 }', true],
    ['{"a":1}', '{"a":1.0}', false],
    ['[1,2]', '[2,1]', false],
    ['{"a":1}', '{"a":1} // of somebody', false],
    ['', '', false],
  ])('says of %j and %j: %s', (left, right, same) => {
    expect(sameJson(left, right)).toBe(same);
  });
});
