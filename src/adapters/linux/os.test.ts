import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rawValues } from '../../../test/support/raw-values.ts';
import { osProbe, readOsRelease } from './os.ts';

const release = `ANSI_COLOR="0;38;2;126;186;228"
BUG_REPORT_URL="https://github.com/NixOS/nixpkgs/issues"
DEFAULT_HOSTNAME=nixos
ID=nixos
NAME=NixOS
PRETTY_NAME="NixOS 25.11 (Xantusia)"
VERSION_ID="25.11"
`;

describe('the system of a machine', () => {
  it('is read from its own description', () => {
    const values = rawValues({ release, 'machine-id': '4c6162436c6f6e654f6654656d706c61\n', systemd: 1 });

    expect(osProbe.parse(values)).toEqual({
      id: 'nixos',
      name: 'NixOS 25.11 (Xantusia)',
      machineId: '4c6162436c6f6e654f6654656d706c61',
      systemd: true,
    });
  });

  it.each(['uninitialized\n', '', '4C6162436C6F6E654F6654656D706C61'])('has no id with %j', (text) => {
    expect(osProbe.parse(rawValues({ release, 'machine-id': text })).machineId).toBe('');
  });

  it('is unknown where nothing describes it', () => {
    expect(osProbe.parse(rawValues({}))).toEqual({ id: '', name: '', machineId: '', systemd: false });
  });
});

describe('readOsRelease', () => {
  it.each([
    ['A=b', 'b'],
    ['A="b c"', 'b c'],
    ["A='b $c'", 'b $c'],
    [String.raw`A="say \"b\" for \$c \\ \x"`, String.raw`say "b" for $c \ \x`],
    ['A=""', ''],
    ['A=b\nA=c', 'c'],
  ])('reads %j', (text, value) => {
    expect(readOsRelease(text).get('A')).toBe(value);
  });

  it.each(['# A=b', 'a=b', 'A="b', 'A=b c', 'A="b"; rm'])('passes over %j', (text) => {
    expect(readOsRelease(text).size).toBe(0);
  });

  it('comes to an end with any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(() => readOsRelease(`A="${text}`)).not.toThrow();
      }),
    );
  });
});
