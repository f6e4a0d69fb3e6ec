import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIsolatedNix, type IsolatedNix } from './isolated-nix.ts';

const nixFolder = path.join(import.meta.dirname, '../../nix');
const guest = path.join(nixFolder, 'guest/module.nix');
const template = path.join(nixFolder, 'templates/tappaas/configuration.nix');
let nix: IsolatedNix;
let count = 0;
beforeAll(async () => {
  nix = await createIsolatedNix();
});
afterAll(() => nix.dispose());

/** Evaluates an attribute of a configuration with the module in it. */
async function evaluate(text: string, attribute: string) {
  count += 1;
  const body = `{ lib, ... }: { imports = [ ${guest} ${text} ]; }`;
  return nix.evaluate(await nix.writeConfiguration(`guest-${count}.nix`, body), attribute);
}

const enabled = '{ truename.guest.enable = true; }';
const hasUnit = 'config.systemd.services.truename-hostname.wantedBy';

describe('the module under the stand-in evaluator', () => {
  it.each([
    ['alone', '', ''],
    ['beside mkDefault "app"', '({ lib, ... }: { networking.hostName = lib.mkDefault "app"; })', 'app'],
    ['beside mkDefault ""', '({ lib, ... }: { networking.hostName = lib.mkDefault ""; })', ''],
    ['beside a declared name', '{ networking.hostName = "declared"; }', 'declared'],
  ])('%s', async (_name, neighbour, expected) => {
    const answer = await evaluate(`${enabled} ${neighbour}`, 'config.networking.hostName');

    expect(answer.stderr).not.toContain('error:');
    expect(JSON.parse(answer.stdout)).toBe(expected);
  });

  it('brings its units where no name is declared, the template of people included', async () => {
    const alone = await evaluate(enabled, hasUnit);
    const people = await evaluate(template, hasUnit);

    expect(JSON.parse(alone.stdout)).toEqual(['sysinit.target']);
    expect(JSON.parse(people.stdout)).toEqual(['sysinit.target']);
  });

  it.each([
    ['a name is declared', `${enabled} { networking.hostName = "declared"; }`],
    ['it is not enabled', '{ networking.hostName = ""; }'],
  ])('brings nothing where %s', async (_name, text) => {
    const answer = await evaluate(text, hasUnit);

    expect(answer.exitCode).not.toBe(0);
    expect(answer.stderr).toContain('truename-hostname');
  });

  it.each([
    ['sources', '[ "dns" ]'],
    ['templateNames', '[ "a.b" ]'],
    ['templateNames', '"tappaas-nixos"'],
    ['resetMachineId', '"yes"'],
  ])('refuses %s = %s', async (option, value) => {
    const answer = await evaluate(
      `${enabled} { truename.guest.${option} = ${value}; }`,
      `config.truename.guest.${option}`,
    );

    expect(answer.exitCode).not.toBe(0);
    expect(answer.stderr).toContain(`truename.guest.${option}`);
  });

  it.each(['flake.nix', 'guest/module.nix', 'package.nix', 'templates/tappaas/flake.nix'])(
    '%s parses',
    async (file) => {
      const answer = await execa('nix-instantiate', ['--parse', path.join(nixFolder, file)], {
        env: nix.environment,
        reject: false,
      });

      expect(answer.exitCode).toBe(0);
    },
  );
});
