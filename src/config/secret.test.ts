import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSecret, readSecret } from './secret.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'truename-secret-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

describe('readSecret', () => {
  it('reads an environment variable when it is asked to', async () => {
    const secret = createSecret('env:TOKEN');

    await expect(readSecret(secret, { TOKEN: ' abc ' })).resolves.toBe('abc');
    await expect(readSecret(secret, {})).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: 'the environment variable TOKEN is not set',
    });
  });

  it('reads the first line of a file', async () => {
    const path = join(directory, 'token');
    writeFileSync(path, 'abc\r\nremark\n');

    await expect(readSecret(createSecret(`file:${path}`))).resolves.toBe('abc');
  });

  it.each([
    ['nothing', ''],
    ['a line that no header can carry', 'hunter2\u0000hunter2'],
    ['far too much', 'hunter2'.repeat(20_000)],
  ])('refuses a file with %s without showing it', async (_what, text) => {
    const path = join(directory, 'token');
    writeFileSync(path, text);

    const error: unknown = await readSecret(createSecret(`file:${path}`)).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code: 'configuration-invalid', message: expect.stringContaining(path) });
    expect(inspect(error, { showHidden: true })).not.toContain('hunter2');
  });

  it('says why a file cannot be read', async () => {
    await expect(readSecret(createSecret('file:/gone/token'))).rejects.toMatchObject({
      message: expect.stringContaining('ENOENT'),
    });
  });
});

describe('a secret', () => {
  it('prints as [secret] everywhere', () => {
    const secret = createSecret('env:TOKEN');

    expect(String(secret)).toBe('[secret]');
    expect(JSON.stringify({ secret })).toBe('{"secret":"[secret]"}');
    expect(inspect({ secret })).toBe('{ secret: [secret] }');
  });
});
