import { describe, expect, it } from 'vitest';
import { createSimWorld } from '../../sim/world.ts';
import { readReply } from './agent-wire.ts';
import type { AgentCommand, AgentReply } from './faults.ts';
import type { ApiResponse } from './message.ts';
import { createTestBench, type TestBench } from './testing.ts';

const vm = '/nodes/pve1/qemu/300';

async function withAgent(reply: (command: AgentCommand) => AgentReply | undefined): Promise<TestBench> {
  const bench = createTestBench(createSimWorld([9000]));
  await bench.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 300, name: 'alpha' });
  await bench.task('POST', `${vm}/status/start`);
  bench.faults.agentReply = (_vmid, command) =>
    command.execute === 'guest-ping' ? { return: {} } : reply(command);
  return bench;
}

describe('agent preconditions', () => {
  it('are judged in order: configured, running, answering', async () => {
    const bench = await withAgent(() => ({ return: {} }));
    const reason = async () => (await bench.call('GET', `${vm}/agent/info`)).reason;
    expect(await reason()).toBe('OK');
    bench.faults.agentReply = undefined;
    expect(await reason()).toBe('QEMU guest agent is not running');
    await bench.task('POST', `${vm}/status/stop`);
    expect(await reason()).toBe('VM 300 is not running');
    await bench.data('PUT', `${vm}/config`, { agent: '0' });
    expect(await reason()).toBe('VM 300 is not running');
    await bench.data('PUT', `${vm}/config`, { delete: 'agent' });
    expect(await reason()).toBe('No QEMU guest agent configured');
  });

  it('take three seconds to find a silent agent', async () => {
    const bench = await withAgent(() => ({ return: {} }));
    bench.faults.agentSilent.add(300);
    let answer: ApiResponse | undefined;
    const asked = bench.call('POST', `${vm}/agent/ping`, {}).then((got) => {
      answer = got;
    });
    await bench.clock.advance(2999);
    expect(answer).toBeUndefined();
    await bench.clock.advance(1);
    await asked;
    expect(answer?.reason).toBe('QEMU guest agent is not running');
  });

  it('name the command that timed out', async () => {
    const bench = await withAgent(() => undefined);
    const answer = await bench.call('GET', `${vm}/agent/get-osinfo`);
    expect(answer.reason).toBe("VM 300 qga command 'guest-get-osinfo' failed - got timeout");
  });
});

describe('simple agent commands', () => {
  it('wrap the result, and ping by POST alone', async () => {
    const bench = await withAgent(() => ({ return: { 'host-name': 'alpha' } }));
    expect(await bench.data('GET', `${vm}/agent/get-host-name`)).toEqual({
      result: { 'host-name': 'alpha' },
    });
    expect(await bench.data('POST', `${vm}/agent/ping`, {})).toEqual({ result: {} });
    expect((await bench.call('GET', `${vm}/agent/ping`)).status).toBe(501);
    expect(await bench.data('POST', `${vm}/agent`, { command: 'ping' })).toEqual({ result: {} });
  });

  it('make an error of the agent a success that says so', async () => {
    const error = { class: 'CommandNotFound', desc: 'disabled' };
    const bench = await withAgent(() => ({ error }));
    expect(await bench.data('GET', `${vm}/agent/info`)).toEqual({ result: { error } });
  });
});

describe('exec', () => {
  it('passes program, arguments and input on without a shell', async () => {
    const seen: AgentCommand[] = [];
    const bench = await withAgent((command) => {
      seen.push(command);
      return { return: { pid: 42 } };
    });
    expect(
      await bench.data('POST', `${vm}/agent/exec`, { command: ['ls', '-l'], 'input-data': 'é' }),
    ).toEqual({
      pid: 42,
    });
    expect(seen).toEqual([
      {
        execute: 'guest-exec',
        arguments: { path: 'ls', arg: ['-l'], 'capture-output': true, 'input-data': 'w6k=' },
      },
    ]);
  });

  it('makes errors of the agent errors of the request', async () => {
    const bench = await withAgent(() => ({
      error: { class: 'GenericError', desc: "Invalid parameter 'pid'" },
    }));
    const answer = await bench.call('GET', `${vm}/agent/exec-status?pid=1`);
    expect([answer.status, answer.reason]).toEqual([500, "Agent error: Invalid parameter 'pid'"]);
  });

  it('converts the status, and encodes non-ASCII output twice', async () => {
    const ended = {
      exited: true,
      exitcode: 0,
      'out-data': Buffer.from('é').toString('base64'),
      'out-truncated': true,
    };
    const bench = await withAgent(() => ({ return: ended }));
    expect(await bench.data('GET', `${vm}/agent/exec-status?pid=1`)).toEqual({
      exited: 1,
      exitcode: 0,
      'out-data': 'Ã©',
      'out-truncated': 1,
    });
    bench.faults.agentReply = () => ({ return: { exited: false } });
    expect(await bench.data('GET', `${vm}/agent/exec-status?pid=1`)).toEqual({ exited: 0 });
  });
});

describe('files', () => {
  it('are read in chunks until the end', async () => {
    const chunks = [
      { count: 2, 'buf-b64': Buffer.from('ab').toString('base64'), eof: false },
      { count: 1, 'buf-b64': Buffer.from('c').toString('base64'), eof: true },
    ];
    const bench = await withAgent(({ execute }) =>
      execute === 'guest-file-read' ? { return: chunks.shift() } : { return: 1000 },
    );
    const file = await bench.data('GET', `${vm}/agent/file-read?file=/etc/hostname`);
    expect(file).toEqual({ content: 'abc', 'bytes-read': 3 });
  });

  it('are written as Latin-1, or as given with encode=0', async () => {
    const written: unknown[] = [];
    const bench = await withAgent(({ execute, arguments: given }) => {
      if (execute === 'guest-file-write') written.push(given?.['buf-b64']);
      return { return: 1000 };
    });
    expect(await bench.data('POST', `${vm}/agent/file-write`, { file: '/x', content: 'é' })).toBeNull();
    await bench.data('POST', `${vm}/agent/file-write`, { file: '/x', content: 'w6k=', encode: 0 });
    expect(written).toEqual(['6Q==', 'w6k=']);
    const wide = await bench.call('POST', `${vm}/agent/file-write`, { file: '/x', content: '€' });
    expect(wide.reason).toBe('Wide character in subroutine entry');
  });
});

describe('the agent wire', () => {
  it('waits for its own id and a whole line', () => {
    const own = (id: number, line: string) =>
      Buffer.concat([Buffer.from([0xff]), Buffer.from(`{"return": ${id}}\n${line}`)]);
    const whole = Buffer.concat([own(1, '{"return": "old"}\n'), own(2, '{"return": "new"}\n')]);
    expect(readReply(whole, 2)).toEqual({ return: 'new' });
    expect(readReply(whole.subarray(0, -1), 2)).toBeUndefined();
    expect(readReply(own(1, '{"return": "old"}\n'), 2)).toBeUndefined();
  });
});
