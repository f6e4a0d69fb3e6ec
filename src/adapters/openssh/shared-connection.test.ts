import { describe, expect, it } from 'vitest';
import type { ProcessOptions, ProcessResult, RunProcess } from '../../lib/process.ts';
import { sharedConnection } from './shared-connection.ts';

const done: ProcessResult = { exitCode: 0, stdout: '', stderr: '', ended: 'exit' };
const refused: ProcessResult = { ...done, exitCode: 255, stderr: 'Connection refused\n' };

/** Each call of ssh(1) waits until the test ends it. */
function heldSsh() {
  const calls: {
    args: readonly string[];
    options: ProcessOptions;
    end: (result: ProcessResult) => void;
  }[] = [];
  const run: RunProcess = (_file, args, options) =>
    new Promise((end) => {
      calls.push({ args, options, end });
    });
  return { run, calls };
}

function sessions(share: ReturnType<typeof sharedConnection>, count: number) {
  const { signal } = new AbortController();
  const begun: number[] = [];
  const results = Array.from({ length: count }, (_, n) =>
    share(async () => {
      begun.push(n);
      return { ...done, stdout: String(n) };
    }, signal),
  );
  return { begun, results };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('sharedConnection', () => {
  it('opens one connection before any of the sessions that come at once', async () => {
    const ssh = heldSsh();
    const share = sharedConnection(ssh.run, ['-T', '--', 'firewall']);

    const { begun, results } = sessions(share, 16);
    await settled();

    expect(ssh.calls.map(({ args }) => args)).toEqual([['-T', '--', 'firewall', 'true']]);
    expect(begun).toEqual([]);
    ssh.calls[0]?.end(done);
    expect((await Promise.all(results)).map(({ stdout }) => stdout)).toEqual(
      Array.from({ length: 16 }, (_, n) => String(n)),
    );
    expect(ssh.calls).toHaveLength(1);
  });

  it('has no more sessions at once than a server gives', async () => {
    const ssh = heldSsh();
    const share = sharedConnection(async () => done, []);
    const { signal } = new AbortController();

    const results = Array.from({ length: 12 }, () =>
      share(() => ssh.run('ssh', [], {} as ProcessOptions), signal),
    );
    await settled();

    expect(ssh.calls).toHaveLength(10);
    for (const { end } of ssh.calls) end(done);
    await settled();
    expect(ssh.calls).toHaveLength(12);
    for (const { end } of ssh.calls.slice(10)) end(done);
    await Promise.all(results);
  });

  it('tells all who waited why there is none, and tries anew for the next', async () => {
    const ssh = heldSsh();
    const share = sharedConnection(ssh.run, []);

    const first = sessions(share, 2);
    ssh.calls[0]?.end(refused);
    expect(await Promise.all(first.results)).toEqual([refused, refused]);
    expect(first.begun).toEqual([]);
    const second = sessions(share, 1);
    ssh.calls[1]?.end(done);

    expect(await Promise.all(second.results)).toEqual([{ ...done, stdout: '0' }]);
  });

  it('is there where the server forbids what opened it', async () => {
    const { results } = sessions(
      sharedConnection(async () => ({ ...done, exitCode: 1 }), []),
      1,
    );

    expect(await results[0]).toEqual({ ...done, stdout: '0' });
  });

  it('lets those go on who waited for somebody that gave up', async () => {
    const { results } = sessions(
      sharedConnection(async () => ({ ...done, exitCode: undefined, ended: 'cancelled' }), []),
      2,
    );

    expect((await Promise.all(results)).map(({ stdout }) => stdout)).toEqual(['0', '1']);
  });
});
