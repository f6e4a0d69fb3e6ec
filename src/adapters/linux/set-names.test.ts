import { describe, expect, it } from 'vitest';
import { scriptedShell } from '../../../test/support/scripted-shell.ts';
import { restoreHostName, setStaticName, setTransientName } from './set-names.ts';

const { signal } = new AbortController();

describe('setting a name', () => {
  it.each([
    ['kernel', setTransientName],
    ['static', setStaticName],
  ])('of the %s kind is one script as root, the name in its arguments', async (_kind, set) => {
    const shell = scriptedShell({ exitCode: 1 });

    await set(shell, '$(id)', signal);

    expect(shell.given).toHaveLength(1);
    expect(shell.given[0]).toMatchObject({ root: true, args: ['$(id)'] });
    expect(shell.given[0]?.script).toContain('/proc/sys/kernel/hostname');
    expect(shell.given[0]?.script).not.toMatch(/nmcli|networkctl|dhcpcd|\$\(id\)/);
  });

  it('asks hostnamed with a bound, and replaces no link', async () => {
    const shell = scriptedShell({});

    await setStaticName(shell, 'alpha', signal);

    expect(shell.given[0]?.script).toContain('timeout 10 hostnamectl --static set-hostname -- "$1"');
    expect(shell.given[0]?.script).toContain('[ ! -L "$file" ] || return 1');
  });
});

describe('putting a name back', () => {
  const writes = [
    { kind: 'static-name', was: '`id`', wrote: 'alpha' },
    { kind: 'transient-name', was: '`id`', wrote: 'alpha' },
  ] as const;

  it.each(writes)('($kind) is one script as root, which compares first', async (write) => {
    const shell = scriptedShell({ stdout: 'changed\n' });

    expect(await restoreHostName(shell, write, signal)).toBe('changed');
    expect(shell.given).toMatchObject([{ root: true, args: ['`id`', 'alpha'] }]);
    expect(shell.given[0]?.script).not.toMatch(/alpha|`id`/);
  });

  it.each(writes)('($kind) fails when the guest says nothing of it', async (write) => {
    await expect(restoreHostName(scriptedShell({ stdout: '' }), write, signal)).rejects.toMatchObject({
      code: 'command-failed',
    });
  });
});
