import { connect } from 'node:net';
import type { AgentCommand, AgentReply } from './faults.ts';

/** An answer longer than this is not read to its end: twice what a 1 MiB file chunk needs. */
const replyLimit = 4 * 1024 * 1024;

/**
 * Says `guest-sync-delimited` and the command to a qemu-ga socket in one write, and reads the answer that
 * follows the delimiter and our id; what an earlier client left unread is skipped. Undefined when nobody
 * answers within `timeoutMs` or the socket cannot be used. No state is kept: one connection a command.
 * Source: qemu-server src/PVE/QMPClient.pm; qemu qga/qapi-schema.json `guest-sync-delimited`.
 */
export function exchange(
  path: string,
  command: AgentCommand,
  timeoutMs: number,
): Promise<AgentReply | undefined> {
  const id = Math.floor(Math.random() * 2 ** 31);
  const sync = { execute: 'guest-sync-delimited', arguments: { id } };
  return new Promise((resolve) => {
    let received = Buffer.alloc(0);
    const socket = connect(path);
    const finish = (reply: AgentReply | undefined) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(reply);
    };
    const timer = setTimeout(() => finish(undefined), timeoutMs);
    socket.on('connect', () => socket.write(`${JSON.stringify(sync)}\n${JSON.stringify(command)}\n`));
    socket.on('error', () => finish(undefined));
    socket.on('close', () => finish(undefined));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const reply = readReply(received, id);
      if (reply !== undefined || received.length > replyLimit) finish(reply);
    });
  });
}

/** The answer after `0xFF{"return":id}`; undefined while it is not whole. Exported for its test. */
export function readReply(received: Buffer, id: number): AgentReply | undefined {
  for (let at = received.indexOf(0xff); at >= 0; at = received.indexOf(0xff, at + 1)) {
    const [first, second, rest] = received
      .subarray(at + 1)
      .toString('utf8')
      .split('\n');
    if (first === undefined || second === undefined || rest === undefined) continue;
    if (parseReply(first)?.return !== id) continue;
    return parseReply(second) as AgentReply | undefined;
  }
  return undefined;
}

function parseReply(line: string): { return?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return value !== null && typeof value === 'object' ? value : undefined;
  } catch {
    return undefined;
  }
}
