import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLine, readOption, reveal, splitValue } from './option-line.ts';

describe('readOption', () => {
  it.each([
    ['a value', 'dhcp-host=a,b', { key: 'dhcp-host', value: 'a,b' }],
    ['blanks around everything', '\t dhcp-host = a, b \r', { key: 'dhcp-host', value: 'a, b' }],
    ['an option without a value', 'dhcp-fqdn', { key: 'dhcp-fqdn' }],
    ['a comment behind it', 'domain=a # b', { key: 'domain', value: 'a' }],
    ['a hash in a word', 'domain=a#b', { key: 'domain', value: 'a#b' }],
  ])('reads %s', (_what, line, expected) => {
    expect(readOption(line)).toEqual(expected);
  });

  it.each(['', '   ', '# dhcp-host=a', '  #', 'dhcp-host="a'])('reads nothing from %j', (line) => {
    expect(readOption(line)).toBeUndefined();
  });

  it('keeps what is quoted from all other reading', () => {
    const value = readOption('conf-dir="/a, #b\\t\\"c\\\\", *.conf')?.value ?? '';

    expect(splitValue(value).map(reveal)).toEqual(['/a, #b\t"c\\', '*.conf']);
  });

  it('gives back whatever is quoted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const quoted = text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n');

        expect(reveal(readLine(`x"${quoted}"`) ?? '')).toBe(`x${text}`);
      }),
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (line) => void readOption(line)));
  });
});
