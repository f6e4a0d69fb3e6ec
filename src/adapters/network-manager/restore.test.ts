import { describe, expect, it } from 'vitest';
import { scriptedShell } from '../../../test/support/scripted-shell.ts';
import type { GuestWrite } from '../../domain/journal.ts';
import { restoreProfile } from './restore.ts';

const { signal } = new AbortController();
const connection = '7e29ba7d-0f25-4e49-8b1e-5b7a3f0c9a11';
const named = { kind: 'profile-name', connection, copy: 'saved', was: '$(id)', wrote: '' } as const;
const silenced = {
  kind: 'profile-sends-name',
  connection,
  copy: 'saved',
  was: true,
  wrote: false,
} as const;

function inForce(ipv4: Record<string, unknown>): string {
  return JSON.stringify({ type: 'a{sa{sv}}t', data: [{ ipv4 }, 3] });
}

describe('what was written into a saved profile', () => {
  it.each(['restored', 'changed', 'gone'] as const)('is %s by the word of the guest', async (word) => {
    expect(await restoreProfile(scriptedShell({ stdout: `${word}\n` }), named, signal)).toBe(word);
  });

  it('is compared and put back in one script as root, which asks nobody for a lease', async () => {
    for (const [write, args] of [
      [named, [connection, '$(id)', '']],
      [silenced, [connection, 'yes', 'no']],
    ] as const) {
      const shell = scriptedShell({ stdout: 'restored\n' });

      await restoreProfile(shell, write, signal);

      expect(shell.given).toHaveLength(1);
      expect(shell.given[0]).toMatchObject({ root: true, args });
      expect(shell.given[0]?.script).not.toMatch(/reapply|device modify|connection up|\$\(id\)/);
    }
  });

  it('fails when the guest says neither', async () => {
    const shell = scriptedShell({ exitCode: 1, stderr: 'Error: NetworkManager is not running.' });

    await expect(restoreProfile(shell, named, signal)).rejects.toMatchObject({
      code: 'command-failed',
      hint: 'Error: NetworkManager is not running.',
    });
  });
});

describe('what was written into the copy in force', () => {
  const written: GuestWrite = { ...named, copy: 'in-force', was: '', wrote: 'alpha' };
  const held = (data: string) => inForce({ 'dhcp-hostname': { type: 's', data } });

  it.each([
    ['restored', inForce({})],
    ['changed', held('beta')],
    ['gone', 'gone\n'],
  ])('is %s where it went by itself', async (word, stdout) => {
    expect(await restoreProfile(scriptedShell({ stdout }), written, signal)).toBe(word);
  });

  it('cannot be put back while it stands, without asking for a lease', async () => {
    const shell = scriptedShell({ stdout: held('alpha') });

    expect(await restoreProfile(shell, written, signal)).toBe('fades');
    expect(shell.given[0]?.script).not.toContain('modify');
  });

  it('is read for whether a name is sent, too', async () => {
    const write: GuestWrite = { ...silenced, copy: 'in-force' };
    const off = inForce({ 'dhcp-send-hostname': { type: 'b', data: false } });

    expect(await restoreProfile(scriptedShell({ stdout: inForce({}) }), write, signal)).toBe('restored');
    expect(await restoreProfile(scriptedShell({ stdout: off }), write, signal)).toBe('fades');
  });

  it('fails when it could not be read', async () => {
    await expect(restoreProfile(scriptedShell({ stdout: '' }), written, signal)).rejects.toMatchObject({
      code: 'command-failed',
    });
  });
});
