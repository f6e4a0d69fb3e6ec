import { describe, expect, it } from 'vitest';
import { SourceError } from '../../domain/error.ts';
import type { CommandResult, ShellOptions } from '../../domain/ports.ts';
import { createPveshApi } from './pvesh.ts';

const { signal } = new AbortController();
const away = new SourceError('unreachable', 'ssh', 'no route');

/** `pvesh` on nodes that give these results. */
function pvesh(
  results: Readonly<Record<string, Partial<CommandResult> | Error>>,
  entryNodes = ['pve1', 'pve2'],
) {
  const runs: { node: string; script: string; options: ShellOptions }[] = [];
  const api = createPveshApi({
    entryNodes,
    timeoutMs: 5000,
    shellTo: (node) => ({
      via: `ssh root@${node}`,
      run(script, options) {
        runs.push({ node, script, options });
        const result = results[node] ?? away;
        if (result instanceof Error) return Promise.reject(result);
        return Promise.resolve({ exitCode: 0, stdout: '', stderr: '', ...result });
      },
    }),
  });
  return { api, runs };
}

describe('createPveshApi', () => {
  it('passes everything of a call as arguments of the script', async () => {
    const { api, runs } = pvesh({ pve7: { stdout: '{"pid":5}\n' } });
    const path = ['nodes', 'pve7', 'qemu', 300, 'agent', 'exec'];
    const command = ['sh', '-c', '$(reboot); "\'`', '--output-format'];

    await expect(api.post({ path, params: { command }, signal })).resolves.toEqual({ pid: 5 });

    expect(runs[0]?.options).toMatchObject({
      root: true,
      timeoutMs: 5000,
      args: [
        'create',
        '/nodes/pve7/qemu/300/agent/exec',
        '--command=sh',
        '--command=-c',
        '--command=$(reboot); "\'`',
        '--command=--output-format',
      ],
    });
    expect(runs[0]?.script).not.toContain('reboot');
  });

  it('asks the next entry node when one is away', async () => {
    const { api, runs } = pvesh({ pve2: { stdout: '[]\n' } });

    await expect(api.get({ path: ['cluster', 'resources'], signal })).resolves.toEqual([]);
    expect(runs.map((run) => run.node)).toEqual(['pve1', 'pve2']);
  });

  it('never asks another node for what concerns one', async () => {
    const { api, runs } = pvesh({ pve2: { stdout: '[]\n' } });

    await expect(api.get({ path: ['nodes', 'pve1', 'qemu'], signal })).rejects.toBe(away);
    expect(runs).toHaveLength(1);
  });

  it('reads the answer after the log of a task, and no output as no result', async () => {
    const upid = 'UPID:pve1:0000A1B2:0C0FFEE0:65A0B1C2:qmstart:300:root@pam:';
    const task = pvesh({ pve1: { stdout: `generating cloud-init ISO\nvm: started\n"${upid}"\n` } });
    const nothing = pvesh({ pve1: { stdout: '' } });

    await expect(task.api.post({ path: ['nodes', 'pve1'], signal })).resolves.toBe(upid);
    await expect(nothing.api.put({ path: ['nodes', 'pve1'], signal })).resolves.toBeNull();
  });

  it('gives a task its own time, and shows the end of the log of one that failed', async () => {
    const log = 'create full clone of drive scsi0\ntransferred 1 GiB\n';
    const { api, runs } = pvesh({ pve1: { exitCode: 255, stdout: log, stderr: 'clone failed: no space\n' } });
    const path = ['nodes', 'pve1', 'qemu', 300];

    await expect(api.delete({ path, params: { purge: 1 }, taskMs: 60_000, signal })).rejects.toMatchObject({
      message: 'clone failed: no space (log: create full clone of drive scsi0 | transferred 1 GiB)',
    });
    expect(runs[0]?.options).toMatchObject({
      timeoutMs: 60_000,
      args: ['delete', '/nodes/pve1/qemu/300', '--purge=1'],
    });
  });

  it.each([
    [{ exitCode: 255, stderr: 'no such VM\u0007\n' }, 'command-failed', 'no such VM'],
    [{ exitCode: 2 }, 'command-failed', 'pvesh ended with 2'],
    [{ exitCode: 127, stderr: 'sh: pvesh: not found' }, 'program-missing', 'not installed'],
    [{ stdout: 'not json' }, 'bad-response', 'not JSON'],
  ])('reads %o as %s', async (result, code, message) => {
    const { api } = pvesh({ pve1: result });

    await expect(api.get({ path: ['version'], signal })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
      where: 'ssh root@pve1',
    });
  });

  it('refuses a path part that would be another path', async () => {
    const { api, runs } = pvesh({ pve1: {} });

    await expect(api.get({ path: ['nodes', 'pve1', '../../access'], signal })).rejects.toMatchObject({
      code: 'bad-response',
    });
    expect(runs).toEqual([]);
  });
});
