import { describe, expect, it } from 'vitest';
import type { ProcessOptions, ProcessResult, RunProcess } from '../../lib/process.ts';
import { openSshShell } from './shell.ts';

const { signal } = new AbortController();

function fakeSsh(result: Partial<ProcessResult>, lines: readonly string[] = []) {
  const calls: { file: string; args: readonly string[]; options: ProcessOptions }[] = [];
  const run: RunProcess = async (file, args, options) => {
    calls.push({ file, args, options });
    for (const line of lines) options.onLine?.(line);
    return { exitCode: 0, stdout: '', stderr: '\ntruename-end 0\n', ended: 'exit', ...result };
  };
  return { run, calls };
}

function shell(ssh: { run: RunProcess }, user = 'tappaas') {
  return openSshShell({ name: 'web-1', user, address: '10.2.10.5' }, { run: ssh.run });
}

describe('openSshShell', () => {
  it('sends the script on stdin, and nothing of it in the arguments', async () => {
    const ssh = fakeSsh({ stdout: 'out', stderr: 'err\n\ntruename-end 5\n' });

    const result = await shell(ssh).run('echo secret', { args: ['secret'], timeoutMs: 1, signal });

    expect(result).toEqual({ exitCode: 5, stdout: 'out', stderr: 'err\n' });
    expect(ssh.calls[0]?.file).toBe('ssh');
    expect(ssh.calls[0]?.args.slice(-3)).toEqual(['web-1', 'sh', '-s']);
    expect(ssh.calls[0]?.args.join(' ')).not.toContain('secret');
    expect(ssh.calls[0]?.options.input).toContain('echo secret');
  });

  it('becomes root by sudo without a password, unless it is root', async () => {
    const ssh = fakeSsh({});

    await shell(ssh).run('true', { root: true, timeoutMs: 1, signal });
    await shell(ssh, 'root').run('true', { root: true, timeoutMs: 1, signal });

    expect(ssh.calls[0]?.args.slice(-4)).toEqual(['sudo', '-n', 'sh', '-s']);
    expect(ssh.calls[1]?.args.slice(-3)).toEqual(['web-1', 'sh', '-s']);
  });

  it('passes lines on, without its own', async () => {
    const seen: string[] = [];

    await shell(fakeSsh({}, ['building', 'truename-end 0'])).run('true', {
      timeoutMs: 1,
      signal,
      onLine: (line) => seen.push(line),
    });

    expect(seen).toEqual(['building']);
  });

  it.each<[string, Partial<ProcessResult>, boolean, string]>([
    ['no ssh here', { ended: 'not-found', exitCode: undefined, stderr: '' }, false, 'program-missing'],
    ['too slow', { ended: 'timeout', exitCode: undefined, stderr: '' }, false, 'timeout'],
    ['too slow after its end', { ended: 'timeout', exitCode: undefined }, false, 'timeout'],
    ['interrupted', { ended: 'cancelled', exitCode: undefined, stderr: '' }, false, 'cancelled'],
    ['endless', { ended: 'too-much-output', exitCode: undefined, stderr: '' }, false, 'bad-response'],
    ['no session', { exitCode: 255, stderr: 'Host key verification failed.\n' }, true, 'unreachable'],
    ['cut off', { exitCode: 255, stderr: 'half a warn' }, false, 'unreachable'],
    ['killed', { ended: 'signal', exitCode: undefined, stderr: 'building' }, true, 'unreachable'],
    ['no shell', { exitCode: 127, stderr: 'not found\n' }, false, 'command-failed'],
    ['no sudo', { exitCode: 1, stderr: 'sudo: a password is required\n' }, true, 'privilege-missing'],
  ])('tells %s', async (_what, result, root, code) => {
    await expect(shell(fakeSsh(result)).run('true', { root, timeoutMs: 1, signal })).rejects.toMatchObject({
      name: 'SourceError',
      code,
      source: 'ssh tappaas@10.2.10.5',
    });
  });

  it('quotes the last line that says something, without control characters', async () => {
    const ssh = fakeSsh({ exitCode: 255, stderr: 'first\n\u001b[31mlast\u0007\n \n' });

    await expect(shell(ssh).run('true', { timeoutMs: 1, signal })).rejects.toThrow('no session: [31mlast');
  });
});
