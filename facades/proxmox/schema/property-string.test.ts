import { describe, expect, it } from 'vitest';
import { splitPropertyString } from './property-string.ts';

const schema = {
  enabled: { type: 'boolean', default_key: 1 },
  old: { alias: 'enabled' },
  name: { type: 'string' },
};

describe('splitPropertyString', () => {
  it('gives a bare value to the default key and makes booleans 1 or 0', () => {
    expect({ ...splitPropertyString(schema, 'yes,name=a=b') }).toEqual({ enabled: '1', name: 'a=b' });
    expect({ ...splitPropertyString(schema, 'old=off') }).toEqual({ enabled: '0' });
  });

  it.each([
    ['a,b', 'duplicate key in comma-separated list property: enabled\n'],
    ['name=', 'missing key in comma-separated list property\n'],
    ['name=a,name=b', 'duplicate key in comma-separated list property: name\n'],
  ])('refuses %s', (text, message) => {
    expect(() => splitPropertyString(schema, text)).toThrow(message);
  });
});
