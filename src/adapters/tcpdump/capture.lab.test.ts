import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mac } from '../../domain/mac.ts';
import type { NodePort, Shell } from '../../domain/ports.ts';
import { runProcess } from '../../lib/process.ts';
import { unwrapErrors, wrapScript } from '../../lib/script.ts';
import { captureDhcp } from './capture.ts';
import { clientMac, makeMessage } from './testing.ts';

// A veth pair in a namespace of the test's own: `nic` is the guest's end, `tap` the one at the node.
const namespace = `truename-tcpdump-${process.pid}`;
const mac = clientMac as Mac;
const inside = ['netns', 'exec', namespace];
const { signal } = new AbortController();

const shell: Shell = {
  via: namespace,
  async run(script, { args = [], timeoutMs, signal: stop }) {
    const result = await runProcess('ip', [...inside, 'sh', '-s'], {
      input: wrapScript(script, args),
      timeoutMs,
      signal: stop,
    });
    const ended = unwrapErrors(result.stderr);
    if (ended === undefined) throw new Error(`no end: ${result.ended} ${result.stderr}`);
    return { ...ended, stdout: result.stdout };
  },
};
const port: NodePort = { device: 'tap', shell };

/** Sends datagrams again and again, for nobody can tell from outside when tcpdump listens. */
const sender = `
const { createSocket } = require('node:dgram');
for (const [from, to, address, message] of JSON.parse(process.argv[1])) {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  socket.bind(from, () => {
    socket.setBroadcast(true);
    setInterval(() => socket.send(Buffer.from(message, 'base64'), to, address), 100);
  });
}`;

const fromNic = '10.99.1.255';
const fromTap = '10.99.2.255';
const name = Buffer.from('$(reboot)\u001b[2J');
const other = 'bc:24:11:00:00:02';
const sent = [
  [
    68,
    67,
    fromNic,
    makeMessage({
      options: [
        [53, [1]],
        [12, name],
      ],
    }),
  ],
  [67, 68, fromTap, makeMessage({ answer: true, yours: '10.99.1.7', options: [[53, [2]]] })],
  [67, 68, fromTap, makeMessage({ answer: true, mac: other, options: [[53, [5]]] })],
  [68, 67, fromNic, Buffer.from('no message')],
].map(([from, to, address, message]) => [from, to, address, (message as Buffer).toString('base64')]);

function send() {
  return execa('ip', [...inside, process.execPath, '-e', sender, JSON.stringify(sent)], { reject: false });
}

let sending: ReturnType<typeof send>;

beforeAll(async () => {
  await execa('ip', ['netns', 'add', namespace]);
  const ip = (...args: string[]) => execa('ip', ['-n', namespace, ...args]);
  await ip('link', 'add', 'nic', 'address', mac, 'type', 'veth', 'peer', 'name', 'tap');
  await ip('address', 'add', '10.99.1.2/24', 'broadcast', fromNic, 'dev', 'nic');
  await ip('address', 'add', '10.99.2.2/24', 'broadcast', fromTap, 'dev', 'tap');
  await ip('link', 'set', 'nic', 'up');
  await ip('link', 'set', 'tap', 'up');
  sending = send();
});

afterAll(async () => {
  sending?.kill();
  await sending;
  await execa('ip', ['netns', 'delete', namespace]);
});

/** The programs in the namespace beside the sender. */
async function left(): Promise<string[]> {
  const { stdout } = await execa('ip', ['netns', 'pids', namespace]);
  const others = stdout.split('\n').filter((pid) => pid !== '' && pid !== String(sending.pid));
  const names = await Promise.all(
    others.map((pid) => execa('cat', [`/proc/${pid}/comm`], { reject: false })),
  );
  return names.map((each) => each.stdout).filter((each) => each !== '');
}

describe('captureDhcp by the real tcpdump', () => {
  it('sees what the NIC sends and what is broadcast for it, and nothing of others', async () => {
    const { messages, unreadable } = await captureDhcp(port, mac, 2, signal);

    expect(messages.find(({ type }) => type === 'DISCOVER')).toMatchObject({
      mac,
      hostName: name.toString(),
    });
    expect(messages.find(({ type }) => type === 'OFFER')).toMatchObject({ mac, address: '10.99.1.7' });
    expect(new Set(messages.map((each) => each.mac))).toEqual(new Set([mac]));
    expect(Math.abs(Date.parse(messages[0]?.at ?? '') - Date.now())).toBeLessThan(60_000);
    expect(unreadable).toBeGreaterThan(0);
    expect(await left()).toEqual([]);
  });

  it('sees nothing of a NIC that says nothing', async () => {
    const quiet = 'bc:24:11:00:00:99' as Mac;

    expect(await captureDhcp(port, quiet, 1, signal)).toMatchObject({ messages: [], unreadable: 0 });
  });

  it('leaves nothing behind on the node when the connection is cut', async () => {
    const stop = new AbortController();
    const cut = captureDhcp(port, mac, 3, stop.signal).catch(() => 'cut');
    await expect.poll(left, { timeout: 10_000 }).toContain('tcpdump');
    stop.abort();

    expect(await cut).toBe('cut');
    await expect.poll(left, { timeout: 20_000 }).toEqual([]);
  });

  it('tells that there is no such device', async () => {
    await expect(captureDhcp({ device: 'tap1i0', shell }, mac, 1, signal)).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
