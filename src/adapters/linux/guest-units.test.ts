import { describe, expect, it } from 'vitest';
import { scriptedShell } from '../../../test/support/scripted-shell.ts';
import { linuxGuestUnits, unitTargets } from './guest-units.ts';

const { signal } = new AbortController();
const hash = 'a'.repeat(64);
const { look } = linuxGuestUnits;

describe('a look at the units of a guest', () => {
  it('reads each file with its mode, owner and hash', () => {
    const standing = look.parse(
      new Map([
        ['systemd', '1'],
        ['missing', ' blkid'],
        ['file0', `755 0 ${hash}  -`],
        ['file1', `644 1000 ${hash}  -`],
        ['file2', 'other'],
        ['enabled', 'enabled\nenabled\n'],
        ['settings', 'TRUENAME_SOURCES="last"\n'],
        ['end', '1'],
      ]),
    );

    expect(standing).toMatchObject({
      nixos: false,
      systemd: true,
      missing: ['blkid'],
      enabled: true,
      settings: 'TRUENAME_SOURCES="last"\n',
      complaint: '',
    });
    expect(standing.files.slice(0, 4)).toEqual([
      { path: unitTargets['hostname.sh'].path, mode: '755', ofRoot: true, sha256: hash },
      { path: unitTargets['find-name.sh'].path, mode: '644', ofRoot: false, sha256: hash },
      { path: unitTargets['dhcp-hostname.sh'].path, sha256: 'other' },
      { path: unitTargets['truename-hostname.service'].path },
    ]);
  });

  it('is not enabled by half, and is none where it was cut', () => {
    const half = new Map([
      ['enabled', 'enabled\ndisabled\n'],
      ['end', '1'],
    ]);
    expect(look.parse(half).enabled).toBe(false);
    expect(() => look.parse(new Map([['enabled', 'enabled\nenabled\n']]))).toThrow();
  });
});

describe('the installer in a guest', () => {
  const content = Buffer.from("'; reboot #\nEND\n");
  const files = [{ name: 'install.sh', content }];

  it('is carried as base64, and given its words as arguments', async () => {
    const shell = scriptedShell();

    await linuxGuestUnits.runInstaller(shell, files, ['--template-name', 'image'], signal);

    const [given] = shell.given;
    expect(given).toMatchObject({ args: ['--template-name', 'image'], root: true });
    expect(given?.script).not.toContain('reboot');
    expect(given?.script).toContain(content.toString('base64'));
  });

  it('fails with what it said', async () => {
    const shell = scriptedShell({ exitCode: 2, stdout: 'install.sh: not a host name: -x\n' });
    await expect(linuxGuestUnits.runInstaller(shell, files, [], signal)).rejects.toMatchObject({
      code: 'command-failed',
      message: 'the installer ended with 2: install.sh: not a host name: -x',
    });
  });
});
