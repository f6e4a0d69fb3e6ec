import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIsolatedNix, type IsolatedNix } from '../nix/isolated-nix.ts';
import { checkout } from '../paths.ts';

let nix: IsolatedNix;
let count = 0;

beforeAll(async () => {
  nix = await createIsolatedNix();
});

afterAll(() => nix.dispose());

/** The package in a checkout of its own, with `dist` in it or without, and its text changed. */
async function checkoutWith(
  dist: boolean,
  change: (text: string) => string = (text) => text,
): Promise<string> {
  count += 1;
  const folder = join(nix.directory, `checkout-${count}`);
  await mkdir(join(folder, 'nix'), { recursive: true });
  for (const name of ['CHANGELOG.md', 'LICENSE', 'README.md', 'docs', 'nix/guest', 'package.json'])
    await cp(join(checkout, name), join(folder, name), { recursive: true });
  if (dist) {
    await mkdir(join(folder, 'dist/cli'), { recursive: true });
    await writeFile(join(folder, 'dist/cli/main.js'), '');
  }
  const text = await readFile(join(checkout, 'nix/package.nix'), 'utf8');
  await writeFile(join(folder, 'nix/package.nix'), change(text));
  return join(folder, 'nix/package.nix');
}

/** Evaluates an expression of the package `p`, and its derivation with it; nothing is built. */
async function evaluate(file: string, expression: string, nodeVersion = process.versions.node) {
  const given = `{ node = "/bin/true"; nodeVersion = "${nodeVersion}"; package = ${file}; }`;
  const set = `(import ${join(checkout, 'lab/nixos-controller')} ${given})`;
  const text = `let p = ${set}.truename; in builtins.seq p.drvPath (${expression})`;
  const { exitCode, stdout, stderr } = await execa(
    'nix-instantiate',
    ['--eval', '--strict', '--json', '--read-write-mode', '-E', text],
    { env: nix.environment, reject: false },
  );
  return { exitCode, stderr, value: exitCode === 0 ? (JSON.parse(stdout) as unknown) : undefined };
}

describe('the package for nixpkgs', () => {
  it('parses', async () => {
    const { exitCode } = await execa('nix-instantiate', ['--parse', join(checkout, 'nix/package.nix')], {
      env: nix.environment,
    });

    expect(exitCode).toBe(0);
  });

  it('bears the version of the npm package, its licence, and the name of its command', async () => {
    const { version, license, description } = JSON.parse(
      await readFile(join(checkout, 'package.json'), 'utf8'),
    ) as Record<string, string>;

    const { value, stderr } = await evaluate(
      await checkoutWith(true),
      '[ p.name p.meta.license.spdxId p.meta.mainProgram p.meta.description p.meta.platforms ]',
    );

    expect(value, stderr).toEqual([
      `truename-${version}`,
      license,
      'truename',
      description?.replace(/\.$/, ''),
      ['x86_64-linux', 'aarch64-linux'],
    ]);
  });

  it('takes of the checkout what is published, and nothing else', async () => {
    const file = await checkoutWith(true);
    await writeFile(join(file, '../../truename.yaml'), 'secret');

    const namesIn = (folder: string) => `(builtins.attrNames (builtins.readDir ${folder}))`;
    const { value, stderr } = await evaluate(file, `[ ${namesIn('p.src')} ${namesIn('(p.src + "/nix")')} ]`);

    const { files } = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8')) as {
      files: string[];
    };
    expect(value, stderr).toEqual([
      [...files.map((each) => each.split('/')[0]), 'package.json'].sort(),
      ['guest'],
    ]);
  });

  it('wants Node as package.json does', async () => {
    const { engines } = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8')) as {
      engines: { node: string };
    };
    const oldest = engines.node.replace('>=', '');
    const file = await checkoutWith(true);

    const [enough, older] = [await evaluate(file, 'true', oldest), await evaluate(file, 'true', '22.18.9')];

    expect(enough.value, enough.stderr).toBe(true);
    expect(older.exitCode).toBe(1);
    expect(older.stderr).toContain(`truename needs Node ${oldest} or newer, and nodejs is 22.18.9`);
  });

  it('says what to do where dist was not made', async () => {
    const { exitCode, stderr } = await evaluate(await checkoutWith(false), 'true');

    expect(exitCode).toBe(1);
    expect(stderr).toContain('run `npm run build` in the checkout first');
  });
});

describe('the stand-in of nixpkgs', () => {
  it.each([
    ['a function that the package does not take', 'lib.concatStrings', 'lib.concatLines', 'concatLines'],
    ['an attribute of a derivation', 'strictDeps = true;', 'strictDeps = true; postFixup = "";', 'postFixup'],
    ['another package', '  openssh,\n', '  openssh,\n  git,\n', 'git'],
    ['a file that is not there', '../LICENSE', '../LICENCE', 'is a path that does not exist'],
  ])('refuses %s', async (_what, from, to, said) => {
    const { exitCode, stderr } = await evaluate(
      await checkoutWith(true, (text) => text.replace(from, to)),
      'true',
    );

    expect(exitCode).toBe(1);
    expect(stderr).toContain(said);
  });
});
