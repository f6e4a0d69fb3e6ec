import { describe, expect, it } from 'vitest';
import { scriptedApi } from '../../../test/support/scripted-proxmox-api.ts';
import { scriptedShell } from '../../../test/support/scripted-shell.ts';
import { SourceError } from '../../domain/error.ts';
import { wrapScript } from '../../lib/script.ts';
import { containerShell } from './inside-container.ts';

const { signal } = new AbortController();
const ref = { hypervisor: 'pve', node: 'pve1', vmid: 700 };
const current = 'GET /nodes/pve1/lxc/700/status/current';
const options = { timeoutMs: 60_000, signal };
const end = (code: number) => `\ntruename-end ${code}\n`;

function shellOn(answer: Parameters<typeof scriptedShell>[0], status = 'running') {
  const node = scriptedShell(answer);
  return { node, shell: containerShell(scriptedApi({ [current]: [{ status }] }), ref, node) };
}

describe('containerShell', () => {
  it('pipes script and arguments to pct on the node, as root there', async () => {
    const { node, shell } = shellOn({ stdout: 'yes\n', stderr: `no${end(3)}` });

    const result = await shell.run('echo "$1"', { ...options, args: ['$(reboot)'] });

    expect(shell.via).toBe('pct exec 700 on pve1');
    expect(result).toEqual({ exitCode: 3, stdout: 'yes\n', stderr: 'no' });
    expect(node.given).toMatchObject([
      { root: true, timeoutMs: 60_000, args: ['700', wrapScript('echo "$1"', ['$(reboot)'])] },
    ]);
    expect(node.given[0]?.script).toContain('pct exec "$1" -- /bin/sh -s');
    expect(node.given[0]?.script).not.toContain('echo');
  });

  it('gives the lines of the output to a listener, without the end marker', async () => {
    const { shell } = shellOn({ stdout: 'a\nb\n', stderr: end(0) });
    const lines: string[] = [];

    await shell.run('x', { ...options, onLine: (line) => lines.push(line) });

    expect(lines).toEqual(['a', 'b']);
  });

  it.each([
    [{ exitCode: 97 }, 'running', 'program-missing'],
    [{ exitCode: 255, stderr: 'not running!' }, 'stopped', 'guest-off'],
    [{ exitCode: 255, stderr: 'container "700" not running!' }, 'running', 'bad-response'],
    [{ exitCode: 0, stdout: 'half' }, 'running', 'bad-response'],
  ])('reads %o of a container that is %s as %s', async (result, status, code) => {
    const { shell } = shellOn(result, status);

    await expect(shell.run('x', options)).rejects.toMatchObject({ name: 'SourceError', code });
  });

  it('passes on why the node could not be entered', async () => {
    const away = new SourceError('unreachable', 'ssh', 'no route');
    const { shell } = shellOn(away);

    await expect(shell.run('x', options)).rejects.toBe(away);
  });

  it('tells the end of the caller’s patience from an interruption', async () => {
    const patience = AbortSignal.abort(new DOMException('time is up', 'TimeoutError'));
    const { shell } = shellOn({});

    await expect(shell.run('x', { ...options, signal: patience })).rejects.toMatchObject({ code: 'timeout' });
    await expect(shell.run('x', { ...options, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});
