import { assertAgent, demandAgent } from '../agent.ts';
import { type Call, flag, integer, text, vmOf } from '../call.ts';
import { died } from '../problem.ts';

/** One `guest-file-read` asks for this much: qemu-server PVE/API2/Qemu/Agent.pm. */
const chunkBytes = 1024 * 1024;
const defaultCount = 16 * 1024 * 1024;

interface Chunk {
  readonly count: number;
  readonly 'buf-b64': string;
  readonly eof: boolean;
}

/** GET ~/agent/file-read: text as Latin-1, or with `decode=0` base64 chunk by chunk. */
export async function read(call: Call): Promise<unknown> {
  const vm = vmOf(call);
  const { cluster } = call;
  await assertAgent(cluster, vm);
  const open = { execute: 'guest-file-open', arguments: { path: text(call, 'file'), mode: 'r' } };
  const handle = await demandAgent(cluster, vm, open);
  const offset = integer(call, 'offset') ?? 0;
  if (offset > 0) {
    await demandAgent(cluster, vm, {
      execute: 'guest-file-seek',
      arguments: { handle, offset, whence: 'set' },
    });
  }
  let left = integer(call, 'count') ?? defaultCount;
  let content = '';
  let bytes = 0;
  let eof = false;
  while (left > 0 && !eof) {
    const count = Math.min(left, chunkBytes);
    const chunk = (await demandAgent(cluster, vm, {
      execute: 'guest-file-read',
      arguments: { handle, count },
    })) as Chunk;
    const base64 = chunk['buf-b64'];
    content += flag(call, 'decode') === false ? base64 : Buffer.from(base64, 'base64').toString('latin1');
    bytes += chunk.count;
    left -= chunk.count;
    eof = chunk.eof;
  }
  await demandAgent(cluster, vm, { execute: 'guest-file-close', arguments: { handle } });
  return { content, 'bytes-read': bytes, ...(eof ? {} : { truncated: 1 }) };
}

/** POST ~/agent/file-write: `encode=1` writes Latin-1 and dies above U+00FF; `encode=0` takes base64. */
export async function write(call: Call): Promise<unknown> {
  const vm = vmOf(call);
  const { cluster } = call;
  const content = text(call, 'content') ?? '';
  const encode = flag(call, 'encode') !== false;
  await assertAgent(cluster, vm);
  const wide = [...content].some((character) => character > '\u00ff');
  if (encode && wide) throw died('Wide character in subroutine entry');
  const buffer = encode ? Buffer.from(content, 'latin1').toString('base64') : content;
  const open = { execute: 'guest-file-open', arguments: { path: text(call, 'file'), mode: 'wb' } };
  const handle = await demandAgent(cluster, vm, open);
  await demandAgent(cluster, vm, { execute: 'guest-file-write', arguments: { handle, 'buf-b64': buffer } });
  await demandAgent(cluster, vm, { execute: 'guest-file-close', arguments: { handle } });
  return null;
}
