import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serverPauses } from './server-pauses.ts';

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'truename-test-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

describe('the pauses of DHCP servers', () => {
  it('are those of the last write at each, and of none where none was made', async () => {
    const pauses = serverPauses(directory);
    await pauses.remember('firewall', 3200.4);
    await pauses.remember('firewall', 2100.6);

    expect(await serverPauses(directory).last('firewall')).toBe(2101);
    expect(await serverPauses(directory).last('other')).toBeUndefined();
  });

  it.each([
    '',
    'nonsense',
    '{"schema":2,"pausedMs":5}',
    '{"schema":1,"pausedMs":"5"}',
    '{"schema":1,"pausedMs":-5}',
  ])('count as unknown where a file says %j', async (text) => {
    await mkdir(join(directory, 'server-pauses'));
    await writeFile(join(directory, 'server-pauses', 'firewall'), text);

    expect(await serverPauses(directory).last('firewall')).toBeUndefined();
  });

  it('of another version are left alone', async () => {
    await mkdir(join(directory, 'server-pauses'));
    await writeFile(join(directory, 'server-pauses', 'firewall'), '{"schema":2}');

    await expect(serverPauses(directory).remember('firewall', 1)).rejects.toMatchObject({
      code: 'state-unwritable',
    });
  });
});
