import { describe, expect, it } from 'vitest';
import { scriptedApi } from '../../../test/support/scripted-proxmox-api.ts';
import { wrapScript } from '../../lib/script.ts';
import type { ApiCall } from './client.ts';
import { agentShell } from './inside-vm.ts';

const { signal } = new AbortController();
const ref = { hypervisor: 'pve', node: 'pve1', vmid: 300 };
const exec = 'POST /nodes/pve1/qemu/300/agent/exec';
const execStatus = 'GET /nodes/pve1/qemu/300/agent/exec-status';
const options = { timeoutMs: 60_000, signal };
const clock = { sleep: () => Promise.resolve() };
const end = (code: number) => `\ntruename-end ${code}\n`;

function shellOn(...answers: unknown[]) {
  const api = scriptedApi({ [exec]: [{ pid: 5 }], [execStatus]: answers });
  return { api, shell: agentShell(api, ref, { clock, pollMs: 500 }) };
}

describe('agentShell', () => {
  it('gives script and arguments to sh on stdin', async () => {
    const { api, shell } = shellOn({
      exited: 1,
      exitcode: 0,
      'out-data': 'yes\n',
      'err-data': `no${end(3)}`,
    });

    const result = await shell.run('echo "$1"', { ...options, args: ['$(reboot) ü'], root: true });

    expect(result).toEqual({ exitCode: 3, stdout: 'yes\n', stderr: 'no' });
    expect(api.params[0]).toEqual({
      command: ['/bin/sh', '-s'],
      'input-data': wrapScript('echo "$1"', ['$(reboot) ü']),
    });
  });

  it('sends no character beyond ASCII, whatever the script holds', async () => {
    const { api, shell } = shellOn({ exited: 1, 'err-data': end(0) });

    await shell.run("echo 'Zürich' \\ €", options);

    const sent = String(api.params[0]?.['input-data']);
    expect(sent).toMatch(/^[\n -~]*$/);
    expect(sent).toContain('Z\\0303\\0274rich');
  });

  it('gives the lines of the output to a listener, without the end marker', async () => {
    const { shell } = shellOn({ exited: 1, 'out-data': 'a\n\nb', 'err-data': `c\n${end(0)}` });
    const lines: string[] = [];

    await shell.run('x', { ...options, onLine: (line) => lines.push(line) });

    expect(lines).toEqual(['a', '', 'b', 'c']);
  });

  it.each([
    ['no end', { exited: 1, exitcode: 127, 'err-data': 'sh: \u001b[2Jnot there' }, 'sh: [2Jnot there'],
    ['nothing', { exited: 1, signal: 9 }, 'did not come to its end'],
    ['output that was cut', { exited: 1, 'err-data': end(0), 'out-truncated': 1 }, 'too long'],
  ])('refuses %s', async (_what, status, message) => {
    const { shell } = shellOn(status);

    await expect(shell.run('x', options)).rejects.toMatchObject({
      name: 'SourceError',
      code: 'bad-response',
      source: 'guest agent of pve1/300',
      message: expect.stringContaining(message),
    });
  });

  it('refuses a script that the API would not pass on', async () => {
    const { api, shell } = shellOn();

    await expect(shell.run('#'.repeat(70_000), options)).rejects.toMatchObject({ code: 'unsupported' });
    expect(api.asked).toEqual([]);
  });

  it('ends by its own time when the answer never comes', async () => {
    const never = (call: ApiCall) =>
      new Promise((_resolve, reject) => {
        call.signal.addEventListener('abort', () => reject(new Error('aborted')));
      });
    const { shell } = shellOn(never);

    await expect(shell.run('x', { timeoutMs: 1, signal })).rejects.toMatchObject({ code: 'timeout' });
  });

  it('ends when the caller gives up', async () => {
    const caller = new AbortController();
    const { shell } = shellOn(() => {
      caller.abort();
      return Promise.resolve({ exited: 0 });
    });

    await expect(shell.run('x', { ...options, signal: caller.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});
