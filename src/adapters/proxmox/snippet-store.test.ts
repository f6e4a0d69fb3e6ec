import { describe, expect, it } from 'vitest';
import { scriptedApi } from '../../../test/support/scripted-proxmox-api.ts';
import type { CommandResult, Shell, ShellOptions } from '../../domain/ports.ts';
import { snippetStore } from './snippet-store.ts';

const { signal } = new AbortController();

function store(storages: readonly object[], result: Partial<CommandResult> = {}) {
  const runs: { readonly script: string; readonly args: ShellOptions['args'] }[] = [];
  const shell: Shell = {
    via: 'ssh root@pve1',
    run: async (script, { args }) => {
      runs.push({ script, args });
      return { exitCode: 0, stdout: '', stderr: '', ...result };
    },
  };
  const api = scriptedApi({ 'GET /nodes/pve1/storage': [storages] });
  return { snippets: snippetStore(api, () => shell), runs };
}

const local = { storage: 'local', active: 1, shared: 0 };
const nfs = { storage: 'nfs', active: '1', shared: 1 };

describe('snippetStore', () => {
  it('writes to a shared storage where there is one, the text as an argument', async () => {
    const { snippets, runs } = store([local, { storage: 'away', active: 0, shared: 1 }, nfs]);
    const text = 'local-hostname: $(reboot)\n';

    expect(await snippets.write('pve1', 'a.yaml', text, signal)).toBe('nfs:snippets/a.yaml');
    expect(runs[0]?.args).toEqual(['nfs:snippets/a.yaml', text]);
    expect(runs[0]?.script).not.toContain('reboot');
  });

  it('says where it would write, and runs nothing for that', async () => {
    const { snippets, runs } = store([local, nfs]);
    expect(await snippets.volume('pve1', 'a.yaml', signal)).toBe('nfs:snippets/a.yaml');
    await expect(snippets.volume('pve1', '../a', signal)).rejects.toMatchObject({ code: 'unsupported' });
    expect(runs).toEqual([]);
  });

  it('says how to allow snippets where no storage takes them', async () => {
    const { snippets, runs } = store([{ ...local, active: 0 }]);

    await expect(snippets.write('pve1', 'a.yaml', '', signal)).rejects.toMatchObject({
      code: 'unsupported',
      hint: expect.stringContaining('pvesm set local'),
    });
    expect(runs).toEqual([]);
  });

  it.each(['../a', '.a', 'a/b', 'a b', '', 'a'.repeat(101)])('writes no file called %j', async (file) => {
    const { snippets, runs } = store([local]);

    await expect(snippets.write('pve1', file, '', signal)).rejects.toMatchObject({ code: 'unsupported' });
    await expect(snippets.remove('pve1', `local:iso/${file}`, signal)).rejects.toMatchObject({
      code: 'unsupported',
    });
    expect(runs).toEqual([]);
  });

  it('passes on what the node says', async () => {
    const { snippets } = store([local], { exitCode: 1, stderr: 'no space left\n' });

    await expect(snippets.remove('pve1', 'local:snippets/a', signal)).rejects.toMatchObject({
      code: 'command-failed',
      message: 'local:snippets/a: no space left',
    });
  });
});
