import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIsolatedNix, type IsolatedNix } from './isolated-nix.ts';

let nix: IsolatedNix;
let count = 0;
beforeAll(async () => {
  nix = await createIsolatedNix();
});
afterAll(() => nix.dispose());

/** Evaluates one attribute of a configuration given as text. */
async function evaluate(text: string, attribute = 'config.networking.hostName') {
  count += 1;
  return nix.evaluate(await nix.writeConfiguration(`configuration-${count}.nix`, text), attribute);
}

const pattern = '^$|^[[:alnum:]]([[:alnum:]_-]{0,61}[[:alnum:]])?$';

describe('priorities', () => {
  it.each([
    ['nothing', '{ }', 'nixos'],
    [
      'mkOverride 1250 beats the default',
      '{ lib, ... }: { networking.hostName = lib.mkOverride 1250 "ours"; }',
      'ours',
    ],
    [
      'mkDefault beats mkOverride 1250',
      `{ lib, ... }: {
        imports = [ { networking.hostName = lib.mkOverride 1250 ""; } ];
        networking.hostName = lib.mkDefault "app";
      }`,
      'app',
    ],
    [
      'a plain value beats mkDefault',
      '{ lib, ... }: { imports = [ { networking.hostName = "plain"; } ]; networking.hostName = lib.mkDefault "app"; }',
      'plain',
    ],
    [
      'mkForce beats a plain value, mkVMOverride beats mkForce',
      `{ lib, ... }: { networking.hostName = lib.mkMerge [ "plain" (lib.mkForce "force") (lib.mkVMOverride "vm") ]; }`,
      'vm',
    ],
    ['mkIf false falls back', '{ lib, ... }: { networking.hostName = lib.mkIf false "never"; }', 'nixos'],
    [
      'equal values at one priority agree',
      '{ imports = [ { networking.hostName = "same"; } ]; networking.hostName = "same"; }',
      'same',
    ],
  ])('%s', async (_name, text, expected) => {
    const answer = await evaluate(text);

    expect(answer.stderr).not.toContain('error:');
    expect(JSON.parse(answer.stdout)).toBe(expected);
  });

  it('says who set the name', async () => {
    const answer = await evaluate(
      '{ networking.hostName = "x"; }',
      'options.networking.hostName.highestPrio',
    );

    expect(JSON.parse(answer.stdout)).toBe(100);
  });

  it.each([
    ['two plain values', '"one"', '"two"'],
    ['two mkDefaults', 'lib.mkDefault "one"', 'lib.mkDefault "two"'],
  ])('refuses %s that differ', async (_name, left, right) => {
    const answer = await evaluate(
      `{ lib, ... }: { imports = [ { networking.hostName = ${left}; } ]; networking.hostName = ${right}; }`,
    );

    expect(answer.exitCode).toBe(1);
    expect(answer.stderr).toContain("The option `networking.hostName' has conflicting definition values:");
    expect(answer.stderr).toContain(
      'Use `lib.mkForce value` or `lib.mkDefault value` to change the priority',
    );
  });
});

describe('names that fit', () => {
  it.each(['a', 'WEB', 'a_b', 'x'.repeat(63), ''])('accepts %j', async (name) => {
    const answer = await evaluate(`{ networking.hostName = ${JSON.stringify(name)}; }`);

    expect(JSON.parse(answer.stdout)).toBe(name);
  });

  it.each(['a.b', '-a', 'a-', 'x'.repeat(64), 'a b'])('refuses %j', async (name) => {
    const answer = await evaluate(`{ networking.hostName = ${JSON.stringify(name)}; }`);

    expect(answer.exitCode).toBe(1);
    expect(answer.stderr).toContain(
      `A definition for option \`networking.hostName' is not of type \`string matching the pattern ${pattern}'`,
    );
  });
});

describe('merging', () => {
  it('joins lists in the order that mkBefore and mkAfter ask for', async () => {
    const answer = await evaluate(
      `{ lib, ... }: {
        imports = [ { networking.nameservers = lib.mkAfter [ "3" ]; } { networking.nameservers = [ "2" ]; } ];
        networking.nameservers = lib.mkBefore [ "1" ];
      }`,
      'config.networking.nameservers',
    );

    expect(JSON.parse(answer.stdout)).toEqual(['1', '2', '3']);
  });

  it('drops a weaker list whole', async () => {
    const answer = await evaluate(
      `{ lib, ... }: { networking.nameservers = lib.mkMerge [ (lib.mkDefault [ "weak" ]) [ "strong" ] ]; }`,
      'config.networking.nameservers',
    );

    expect(JSON.parse(answer.stdout)).toEqual(['strong']);
  });

  it('merges a service from two modules', async () => {
    const answer = await evaluate(
      `{ imports = [ { systemd.services.name.after = [ "a.service" ]; } ];
         systemd.services.name = { after = [ "b.service" ]; serviceConfig.Type = "oneshot"; }; }`,
      'config.systemd.services.name.after',
    );

    expect(new Set(JSON.parse(answer.stdout))).toEqual(new Set(['a.service', 'b.service']));
  });

  it('reads a name from a file beside the configuration', async () => {
    await writeFile(path.join(nix.directory, 'vm.json'), JSON.stringify({ vmname: 'from-json' }));

    const answer = await evaluate(
      '{ networking.hostName = (builtins.fromJSON (builtins.readFile ./vm.json)).vmname; }',
    );

    expect(JSON.parse(answer.stdout)).toBe('from-json');
  });

  it('never forces a module argument that nobody sets and nobody reads', async () => {
    const answer = await evaluate('{ system, modulesPath, ... }: { networking.hostName = "lazy"; }');

    expect(JSON.parse(answer.stdout)).toBe('lazy');
  });
});

describe('refusals', () => {
  it('names an unknown option and the one that was meant', async () => {
    const answer = await evaluate('{ networking.hostname = "x"; }');

    expect(answer.exitCode).toBe(1);
    expect(answer.stderr).toContain("The option `networking.hostname' does not exist. Definition values:");
    expect(answer.stderr).toContain("Did you mean `networking.hostName'?");
    expect(answer.stderr).toContain('stand-in: not supported');
  });

  it.each([
    ['an overlay', '{ nixpkgs.overlays = [ (final: prev: { }) ]; }', 'config.nixpkgs.overlays'],
    ['a specialisation', '{ specialisation.other.configuration = { }; }', 'config.specialisation'],
    [
      'a fetcher',
      '{ pkgs, ... }: { environment.systemPackages = [ (pkgs.fetchurl { url = "x"; }) ]; }',
      'config.environment.systemPackages',
    ],
  ])('does not pretend to support %s', async (_name, text, attribute) => {
    const answer = await evaluate(text, attribute);

    expect(answer.exitCode).toBe(1);
    expect(answer.stderr).toContain('stand-in: not supported');
  });

  it('reports the message of an assertion that does not hold', async () => {
    const answer = await evaluate(
      '{ assertions = [ { assertion = false; message = "the name is missing"; } { assertion = true; message = "fine"; } ]; }',
      'config.system.build.toplevel.drvPath',
    );

    expect(answer.stderr).toContain('Failed assertions:');
    expect(answer.stderr).toContain('- the name is missing');
    expect(answer.stderr).not.toContain('fine');
  });
});
