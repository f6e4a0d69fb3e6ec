import { describe, expect, it } from 'vitest';
import type { RunProcess } from '../../lib/process.ts';
import { mustBuildHere } from './installed.ts';

const { signal } = new AbortController();

/** A machine without one program. */
function without(missing: string): { run: RunProcess; asked: string[] } {
  const asked: string[] = [];
  const run: RunProcess = async (file) => {
    asked.push(file);
    const found = file !== missing;
    return {
      exitCode: found ? 1 : undefined,
      stdout: '',
      stderr: '',
      ended: found ? 'exit' : 'not-found',
    };
  };
  return { run, asked };
}

describe('a machine that is to build', () => {
  it.each([
    ['nix-instantiate', undefined, 'nix (nix-instantiate)'],
    ['nix', 'web', 'nix'],
    ['nixos-rebuild', undefined, 'nixos-rebuild'],
    ['nixos-rebuild', 'web', 'nixos-rebuild'],
  ])('must have %s (flake: %s)', async (program, flake, named) => {
    const options = flake === undefined ? {} : { flake };

    await expect(mustBuildHere(without(program).run, options, signal)).rejects.toMatchObject({
      code: 'program-missing',
      message: `${named} is not on the PATH here`,
      hint: expect.stringMatching(/^Install .* --build-on target\.$/),
    });
  });

  it('may have programs that do not answer: that they are there is enough', async () => {
    const { run, asked } = without('none');

    await expect(mustBuildHere(run, {}, signal)).resolves.toBeUndefined();
    expect(asked).toEqual(['nix-instantiate', 'nixos-rebuild']);
  });
});
