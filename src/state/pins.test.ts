import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PinnedHostKeys } from '../domain/ports.ts';
import { hostKeyStore } from './pins.ts';

const alias = 'truename-vm-610-00112233-4455-6677-8899-aabbccddeeff';
const ed25519 = `ssh-ed25519 ${'A'.repeat(68)}`;
const rsa = `ssh-rsa ${'B'.repeat(372)}==`;
const pin: PinnedHostKeys = {
  keys: [ed25519, rsa],
  learntBy: 'guest agent of pve1/610',
  learntAt: '2026-01-01T12:00:00.000Z',
};

let root = '';
let directory = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'truename-test-'));
  directory = join(root, 'not', 'there yet');
});

afterEach(() => rm(root, { recursive: true, force: true }));

async function put(text: string): Promise<void> {
  const file = hostKeyStore(directory).file(alias);
  await mkdir(join(directory, 'host-keys'), { recursive: true });
  await writeFile(file, text);
}

describe('the store of host keys', () => {
  it('knows none that was not pinned', async () => {
    expect(await hostKeyStore(directory).pinned(alias)).toBeUndefined();
  });

  it('gives a pin back to another run', async () => {
    await hostKeyStore(directory).pin(alias, pin);

    expect(await hostKeyStore(directory).pinned(alias)).toEqual(pin);
  });

  it('is a known_hosts file with the alias before each key', async () => {
    const store = hostKeyStore(directory);
    await store.pin(alias, pin);

    const lines = (await readFile(store.file(alias), 'utf8')).split('\n');

    expect(lines).toEqual([expect.stringMatching(/^# /), `${alias} ${ed25519}`, `${alias} ${rsa}`, '']);
  });

  it('keeps its files from other users', async () => {
    const store = hostKeyStore(directory);
    await store.pin(alias, pin);

    expect((await stat(store.file(alias))).mode & 0o777).toBe(0o600);
    expect((await stat(join(directory, 'host-keys'))).mode & 0o777).toBe(0o700);
  });

  it('takes the place of an older pin of the same alias alone', async () => {
    const store = hostKeyStore(directory);
    await store.pin(alias, pin);
    await store.pin('other', pin);

    await store.pin(alias, { ...pin, keys: [ed25519] });

    expect((await store.pinned(alias))?.keys).toEqual([ed25519]);
    expect((await store.pinned('other'))?.keys).toEqual(pin.keys);
  });

  it('loses nothing when many runs write at once, and leaves nothing lying about', async () => {
    const aliases = Array.from({ length: 20 }, (_, n) => `truename-vm-${600 + (n % 5)}-u`);

    await Promise.all(aliases.map((each) => hostKeyStore(directory).pin(each, pin)));

    const known = await Promise.all(aliases.map((each) => hostKeyStore(directory).pinned(each)));
    expect(known).toEqual(aliases.map(() => pin));
    expect(await readdir(join(directory, 'host-keys'))).toHaveLength(5);
  });

  it('keeps a comment in one line, whatever it says', async () => {
    const store = hostKeyStore(directory);
    const odd = { ...pin, learntBy: `agent\n* ${ed25519}\n` };
    await store.pin(alias, odd);

    expect(await store.pinned(alias)).toEqual(odd);
    expect((await readFile(store.file(alias), 'utf8')).split('\n')).toHaveLength(4);
  });

  it.each(['', '*', 'a,b', '!a', '../a', 'a b', '-a', 'a/b'])('has no file for the alias %j', (odd) => {
    expect(() => hostKeyStore(directory).file(odd)).toThrow(expect.objectContaining({ code: 'internal' }));
  });

  it.each([
    ['of another version', `# {"schema":2}\n${alias} ${ed25519}\n`, 'schema 2'],
    ['without its first line', `${alias} ${ed25519}\n`, 'not as Truename wrote it'],
    [
      'with a key for another host',
      `# {"schema":1,"learntBy":"a","learntAt":"b"}\nother ${ed25519}\n`,
      'not as',
    ],
    ['that was cut', `# {"schema":1,"learntBy":"a","learntAt":"b"}\n${alias} ssh-ed25519`, 'not as'],
    ['without keys', '# {"schema":1,"learntBy":"a","learntAt":"b"}\n', 'not as'],
    ['with nothing in it', '', 'not as'],
  ])('does not guess what a file says %s', async (_what, text, message) => {
    await put(text);

    await expect(hostKeyStore(directory).pinned(alias)).rejects.toMatchObject({
      code: 'state-unwritable',
      message: expect.stringContaining(message),
      where: expect.stringContaining(alias),
    });
  });

  it('says so when it cannot read or write', async () => {
    await writeFile(join(root, 'not'), 'a file where a folder should be');

    await expect(hostKeyStore(directory).pin(alias, pin)).rejects.toMatchObject({ code: 'state-unwritable' });
    await expect(hostKeyStore(directory).pinned(alias)).rejects.toMatchObject({ code: 'state-unwritable' });
  });
});
