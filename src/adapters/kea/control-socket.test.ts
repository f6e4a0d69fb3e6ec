import { describe, expect, it } from 'vitest';
import { scriptedShell } from '../../../test/support/scripted-shell.ts';
import { lookAtSocket } from './alive.ts';
import { controlSocketChannel } from './control-socket.ts';

const { signal } = new AbortController();
const sockets = { 4: '/run/kea/four $(id)', 6: '/run/kea/six' };
const command = { command: 'config-get', arguments: { secret: "it's" } };

function ask(...[answer]: Parameters<typeof scriptedShell>) {
  const shell = scriptedShell(answer);
  return { shell, answer: controlSocketChannel('kea', shell, sockets).ask(4, command, signal) };
}

describe('a control socket', () => {
  it('is asked with arguments that are no part of the script, and tells the clock of the server', async () => {
    const { shell, answer } = ask({ stdout: 'now=1767268800\n{ "result": 0, "arguments": [1] }' });

    expect(await answer).toEqual({ result: 0, text: '', arguments: [1], at: '2026-01-01T12:00:00.000Z' });
    expect(shell.given[0]?.args).toEqual([sockets[4], JSON.stringify(command)]);
    expect(shell.given[0]?.script).not.toContain('$(id)');
  });

  it.each([
    ['is not there', { exitCode: 66 }, 'unreachable'],
    ['has nobody behind it', { exitCode: 69 }, 'unreachable'],
    ['does not answer', { exitCode: 75 }, 'timeout'],
    ['may not be used', { exitCode: 77 }, 'permission-refused'],
    ['cannot be asked without perl', { exitCode: 127 }, 'program-missing'],
    ['fails otherwise', { exitCode: 1 }, 'command-failed'],
    ['answers with half', { stdout: 'now=1767268800\n{ "result": 0, "argu' }, 'bad-response'],
    ['answers with something else', { stdout: 'now=1767268800\n<html>' }, 'bad-response'],
    ['answers with nothing', { stdout: '' }, 'bad-response'],
  ])('that %s is a typed error', async (_what, result, code) => {
    await expect(ask(result).answer).rejects.toMatchObject({ name: 'SourceError', code });
  });
});

describe('whether a Kea is alive', () => {
  const look = (stdout: string) =>
    lookAtSocket(scriptedShell({ stdout }), { source: 'Kea', socket: sockets[4] }, signal);
  const status = (more: object) => JSON.stringify({ result: 0, arguments: { pid: 1, ...more } });

  it.each([
    ['answers and listens', `code=0\nport=67\nanswer=${status({})}\nend\n`, true],
    ['does not listen', `code=0\nanswer=${status({})}\nend\n`, false],
    [
      'is disabled',
      `code=0\nport=67\nanswer=${status({ 'dhcp-state': { 'globally-disabled': true } })}\nend\n`,
      false,
    ],
    ['has no sockets', `code=0\nport=67\nanswer=${status({ sockets: { status: 'failed' } })}\nend\n`, false],
    ['does not answer', 'code=75\nport=67\nanswer=\nend\n', false],
    ['is not there', 'code=66\nanswer=\nend\n', false],
    ['refuses to tell', 'code=0\nport=67\nanswer={"result":1,"text":"no"}\nend\n', false],
  ])('is told when it %s', async (_what, stdout, alive) => {
    expect((await look(stdout)).alive).toBe(alive);
  });

  it.each([
    ['half an answer', 'code=0\nport=67\n', 'bad-response'],
    ['no right to ask', 'code=77\nport=67\nanswer=\nend\n', 'permission-refused'],
  ])('is not guessed from %s', async (_what, stdout, code) => {
    await expect(look(stdout)).rejects.toMatchObject({ code });
  });
});
