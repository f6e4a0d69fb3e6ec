import { describe, expect, it } from 'vitest';
import { scriptedShell } from '../../../test/support/scripted-shell.ts';
import { SourceError } from '../../domain/error.ts';
import { dnsmasqServer } from './server.ts';

const { signal } = new AbortController();
const leaseFile = '/var/db/dnsmasq $(id).leases';
const line = '1767272400 bc:24:11:00:00:01 10.2.10.5 alpha 01:bc:24:11:00:00:01';

function answer(text: string, written = '1767268700'): { stdout: string } {
  return { stdout: `now=1767268800\nwritten=${written}\nleases\n${text}end\n` };
}

function server(shell: ReturnType<typeof scriptedShell>) {
  return dnsmasqServer({ id: 'firewall', shell, leaseFile });
}

describe('the leases of a dnsmasq', () => {
  it('come with the clock of the server; the file is an argument and no part of the script', async () => {
    const shell = scriptedShell(answer(`${line}\n`));

    const table = await server(shell).leases(signal);

    expect(table).toMatchObject({
      leases: [{ name: 'alpha' }],
      readAt: '2026-01-01T12:00:00.000Z',
      writtenAt: '2026-01-01T11:58:20.000Z',
    });
    expect(shell.given[0]?.args).toEqual([leaseFile]);
    expect(shell.given[0]?.script).not.toContain('$(id)');
    expect(shell.given).toHaveLength(1);
  });

  it('may be none, and when they were written may be unknown', async () => {
    const table = await server(scriptedShell(answer('', ''))).leases(signal);

    expect(table).toMatchObject({ leases: [] });
    expect(table).not.toHaveProperty('writtenAt');
  });

  it('are read a second time when a line was half written, and not a third time', async () => {
    let reads = 0;
    const once = scriptedShell(() => {
      reads += 1;
      return answer(reads === 1 ? line.slice(0, 30) : `${line}\n`);
    });
    const always = scriptedShell(answer('half'));

    expect((await server(once).leases(signal)).leases).toHaveLength(1);
    await server(always).leases(signal);
    expect(always.given).toHaveLength(2);
  });

  it.each([
    ['the file cannot be read', { exitCode: 66 }, 'not-found'],
    ['the answer is cut', { stdout: `now=1767268800\nwritten=\nleases\n${line}\n` }, 'bad-response'],
    ['the answer is nothing', {}, 'bad-response'],
    ['the clock is none', { stdout: 'now=99999999999999\nwritten=\nleases\nend\n' }, 'bad-response'],
    ['reading fails', { ...answer(''), exitCode: 1 }, 'bad-response'],
    ['nobody can get there', new SourceError('unreachable', 'ssh', 'no session'), 'unreachable'],
  ])('are an error and not an empty table when %s', async (_what, result, code) => {
    await expect(server(scriptedShell(result)).leases(signal)).rejects.toMatchObject({
      name: 'SourceError',
      code,
    });
  });
});

describe('whether a dnsmasq is alive', () => {
  it.each([
    ['runs and listens', 'state=S\nport=67\nend\n', true],
    ['runs besides a stopped one', 'state=T\nstate=Ss\nport=67\nend\n', true],
    ['does not run', 'port=67\nend\n', false],
    ['is stopped', 'state=T\nport=67\nend\n', false],
    ['is a zombie', 'state=Z+\nport=67\nend\n', false],
    ['is blocked', 'state=D\nport=67\nend\n', false],
    ['does not listen', 'state=S\nend\n', false],
  ])('is told when it %s', async (_what, stdout, alive) => {
    const shell = scriptedShell({ stdout });

    expect((await server(shell).alive(signal)).alive).toBe(alive);
  });

  it('is not guessed from half an answer', async () => {
    await expect(server(scriptedShell({ stdout: 'state=S\nport=67\n' })).alive(signal)).rejects.toMatchObject(
      {
        code: 'bad-response',
      },
    );
  });
});

describe('the reservations of a dnsmasq', () => {
  const configurationFile = '/etc/dnsmasq $(id).conf';
  const found = 'P\n=conf-file=/a\nC/a\n=dhcp-host=bc:24:11:00:00:01,alpha\nend\n';
  const asked = (shell: ReturnType<typeof scriptedShell>) =>
    dnsmasqServer({ id: 'firewall', shell, leaseFile, configurationFile }).reservations?.(signal);

  it('are read where the daemon reads them; a named file is an argument and no part of the script', async () => {
    const shell = scriptedShell({ stdout: found });

    const expected = [{ mac: 'bc:24:11:00:00:01', name: 'alpha', file: '/a' }];
    expect(await server(shell).reservations?.(signal)).toEqual(expected);
    expect(await asked(shell)).toEqual(expected);
    expect(shell.given.map(({ args }) => args)).toEqual([[''], [configurationFile]]);
    expect(shell.given[1]?.script).not.toContain('$(id)');
  });

  it('may be none', async () => {
    expect(await asked(scriptedShell({ stdout: 'P\n=conf-file=/a\n?/a\nend\n' }))).toEqual([]);
  });

  it.each([
    ['the named file is not there', { stdout: `P\n?${configurationFile}\nend\n` }, 'not-found'],
    ['a file may not be read', { stdout: 'P\n=conf-file=/a\n!/a\nend\n' }, 'not-found'],
    ['the answer is cut', { stdout: found.slice(0, -4) }, 'bad-response'],
    ['the script fails', { stdout: found, exitCode: 2 }, 'bad-response'],
  ])('are an error and not an empty list when %s', async (_what, result, code) => {
    await expect(asked(scriptedShell(result))).rejects.toMatchObject({ name: 'SourceError', code });
  });

  it("and the leases do not get in each other's way", async () => {
    const shell = scriptedShell(({ args }) => (args?.[0] === '' ? { stdout: found } : answer(`${line}\n`)));
    const both = server(shell);

    const [table, reservations] = await Promise.all([both.leases(signal), both.reservations?.(signal)]);

    expect([table.leases.length, reservations?.length]).toEqual([1, 1]);
  });
});
