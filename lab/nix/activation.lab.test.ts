import { lstat, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const scripts = path.join(import.meta.dirname, 'nixpkgs/nixos/system');
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'activation-'));
  await mkdir(path.join(directory, 'etc'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Declares files in a generation's etc tree; a mode asks for a copy. */
async function declare(generation: string, files: Readonly<Record<string, string>>): Promise<string> {
  const etc = path.join(directory, generation, 'etc');
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(etc, name)), { recursive: true });
    await writeFile(path.join(etc, name), text);
  }
  await mkdir(etc, { recursive: true });
  return etc;
}

/** Runs a script of the stand-in with its paths moved into the test's directory. */
async function setupEtc(etc: string) {
  const source = await readFile(path.join(scripts, 'setup-etc.sh'), 'utf8');
  const moved = source
    .replaceAll('/etc/', `${directory}/etc/`)
    .replaceAll('find /etc ', `find ${directory}/etc `);
  return execa('sh', ['-eu', '-s'], { input: moved.replaceAll('@etc@', etc), reject: false });
}

const read = (name: string) => readFile(path.join(directory, 'etc', name), 'utf8').catch(() => undefined);

/** Also true of a link that leads nowhere. */
const isThere = (name: string) =>
  lstat(path.join(directory, 'etc', name)).then(
    () => true,
    () => false,
  );

describe('/etc', () => {
  it('replaces a regular file by the declared one, silently', async () => {
    await writeFile(path.join(directory, 'etc/hostname'), 'by-hand\n');

    const answer = await setupEtc(await declare('one', { hostname: 'declared\n' }));

    expect(answer.exitCode).toBe(0);
    expect(await read('hostname')).toBe('declared\n');
  });

  it('removes a link that leads nowhere any more', async () => {
    await setupEtc(await declare('one', { hostname: 'declared\n', 'systemd/system/a.service': 'a' }));

    await setupEtc(await declare('two', { other: 'x' }));

    expect(await isThere('hostname')).toBe(false);
    expect(await isThere('systemd/system/a.service')).toBe(false);
    expect(await read('other')).toBe('x');
  });

  it('leaves a regular file alone that nobody declares', async () => {
    await writeFile(path.join(directory, 'etc/hostname'), 'by-hand\n');

    await setupEtc(await declare('one', { other: 'x' }));

    expect(await read('hostname')).toBe('by-hand\n');
  });

  it('copies a file that has a mode, and removes the copy with its declaration', async () => {
    const owner = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}\n`;
    await setupEtc(await declare('one', { sudoers: 'x', 'sudoers.mode': '0440\n', 'sudoers.owner': owner }));
    expect(await read('sudoers')).toBe('x');
    expect(await read('sudoers.mode')).toBeUndefined();

    await setupEtc(await declare('two', { other: 'x' }));

    expect(await read('sudoers')).toBeUndefined();
  });
});
