import { describe, expect, it } from 'vitest';
import { type ScriptedAnswer, scriptedShell } from '../../../test/support/scripted-shell.ts';
import { SourceError } from '../../domain/error.ts';
import type { Mac } from '../../domain/mac.ts';
import { captureDhcp } from './capture.ts';
import { clientMac, makeFrame, makeMessage, makePcap } from './testing.ts';

const { signal } = new AbortController();
const mac = clientMac as Mac;
const message = makeMessage({
  options: [
    [53, [1]],
    [12, Buffer.from('alpha')],
  ],
});
const others = makeMessage({ mac: 'bc:24:11:00:00:02', options: [[53, [1]]] });

function answer(pcap: Uint8Array, ended = 124): ScriptedAnswer {
  const stdout = (
    Buffer.from(pcap)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join('\n');
  return { stdout, stderr: `listening on tap610i0\n200 packets captured\n\nrc=${ended}\n` };
}

function capture(result: ScriptedAnswer, shell = scriptedShell(result)) {
  return captureDhcp({ device: 'tap610i0', shell }, mac, 30, signal);
}

describe('captureDhcp', () => {
  it('gives the messages of the MAC address, and counts what it cannot read', async () => {
    const frames = [message, others, Buffer.from('noise')].map((each) => makeFrame(each));

    expect(await capture(answer(makePcap([...frames, makeFrame(message, [210])])))).toEqual({
      port: 'tap610i0',
      seconds: 30,
      messages: [
        { at: '1970-01-01T00:00:00.500Z', type: 'DISCOVER', mac, hostName: 'alpha' },
        { at: '1970-01-01T00:00:03.500Z', type: 'DISCOVER', mac, hostName: 'alpha' },
      ],
      unreadable: 1,
    });
  });

  it('runs as root, with all it is told as arguments, and with time to spare', async () => {
    const shell = scriptedShell(answer(makePcap([])));

    expect(await capture({}, shell)).toMatchObject({ messages: [], unreadable: 0 });

    expect(shell.given).toHaveLength(1);
    expect(shell.given[0]).toMatchObject({ root: true, timeoutMs: 50_000 });
    expect(shell.given[0]?.args?.slice(0, 2)).toEqual(['tap610i0', '30']);
    expect(shell.given[0]?.args?.[2]).toContain('udp[36:4] = 0xbc241100 and udp[40:2] = 0x0001');
    expect(shell.given[0]?.script).not.toContain('tap610i0');
  });

  it('reads a capture that ended by its number of packets, and one of another link as unreadable', async () => {
    expect(await capture(answer(makePcap([makeFrame(message)]), 0))).toMatchObject({ unreadable: 0 });
    expect(await capture(answer(makePcap([makeFrame(message)], true, false, 113)))).toMatchObject({
      messages: [],
      unreadable: 1,
    });
  });

  it('counts the packet in which the capture was cut', async () => {
    const file = makePcap([makeFrame(message), makeFrame(message)]);

    expect(await capture(answer(file.subarray(0, -9)))).toMatchObject({ messages: [{}], unreadable: 1 });
  });

  it.each<[string, ScriptedAnswer, string]>([
    ['there is no such device', { exitCode: 66 }, 'not-found'],
    ['tcpdump is not there', { exitCode: 69 }, 'program-missing'],
    ['tcpdump fails', { ...answer(Buffer.alloc(0), 1) }, 'command-failed'],
    ['nothing tells how it ended', { stdout: '' }, 'command-failed'],
    ['the answer is no capture', answer(Buffer.from('what')), 'bad-response'],
    ['nobody can get there', new SourceError('unreachable', 'ssh', 'no session'), 'unreachable'],
  ])('is an error and not an empty capture when %s', async (_what, result, code) => {
    await expect(capture(result)).rejects.toMatchObject({ name: 'SourceError', code });
  });
});
