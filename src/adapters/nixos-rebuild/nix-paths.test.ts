import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nixPaths } from './nix-paths.ts';

/** A dollar, which would begin an interpolation in this language too. */
const nix = (text: string) => text.replaceAll('§', '$');

describe('the paths of a Nix text', () => {
  it.each([
    ['{ imports = [ ./a.nix ../b.nix ./c/d.nix ]; }', ['./a.nix', '../b.nix', './c/d.nix']],
    ['import ./x.nix { a=./y.nix; }', ['./x.nix', './y.nix']],
    ['builtins.fromJSON (builtins.readFile ./module.json)', ['./module.json']],
    ['"§{./in-a-string.nix} and ./not-this"', ['./in-a-string.nix']],
    ["''\n  ''§{./escaped} §{./meant} ''' ./not\n''", ['./meant']],
    ['"\\"./no\\" \\§{./no} §§{./no}" ./yes', ['./yes']],
    ['# ./no\n/* ./no\n ./no */ ./yes', ['./yes']],
    ['"§{"§{./deep}"}" ./after', ['./deep', './after']],
    ['{ a = { b = "§{toString ./x}"; }; } // { c = 4 / 2; }', ['./x']],
    ['https://example.invalid/a ./b', ['./b']],
    ['./. ./dir/sub', ['./.', './dir/sub']],
    ['./twice ./twice', ['./twice']],
    ['a./b', ['a./b']],
    ['import parts/web.nix ~/x.nix <nixpkgs/nixos>', ['parts/web.nix']],
    ['', []],
  ])('%j has %j', (text, relative) => {
    expect(nixPaths(nix(text)).relative).toEqual(relative);
  });

  it('tells absolute ones apart', () => {
    const text = '{ imports = [ /etc/nixos/hardware-configuration.nix ./a.nix <nixpkgs/nixos> ]; }';

    expect(nixPaths(text)).toEqual({
      relative: ['./a.nix'],
      absolute: ['/etc/nixos/hardware-configuration.nix'],
    });
  });

  it('are found behind anything that is closed', () => {
    const piece = fc.constantFrom(
      '"a §{b} c"',
      "''x ''§{ y ''",
      '# c\n',
      '/* c */',
      '{ a = 1; }',
      '[ ]',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        expect(nixPaths(nix(`${pieces.join(' ')} ./last.nix`)).relative).toEqual(['./last.nix']);
      }),
    );
  });

  it('are looked for in any text, to its end', () => {
    const bit = fc.constantFrom(
      '"',
      "''",
      '§{',
      '}',
      '{',
      '\\',
      '$',
      '/',
      './',
      '#',
      '/*',
      '*/',
      'a',
      '\n',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(bit, { maxLength: 60 }), (bits) => {
        const { relative, absolute } = nixPaths(nix(bits.join('')));

        for (const path of relative) expect(path).toMatch(/^[^/]+\//);
        for (const path of absolute) expect(path).toMatch(/^\/[^/]/);
      }),
    );
  });
});
