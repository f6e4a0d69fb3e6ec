import { createSocket } from 'node:dgram';
import type { AddressInfo } from 'node:net';

/** Record types (RFC 1035 section 3.2.2). */
const types = { 1: 'A', 6: 'SOA', 12: 'PTR' } as const;

/** What the stub answers to one question. */
export type StubAnswer =
  | { readonly a: readonly string[] }
  | { readonly ptr: readonly string[] }
  | { readonly soa: readonly [primary: string, hostmaster: string] }
  /** RFC 1035 section 4.1.1: 0 no error (no data), 2 SERVFAIL, 3 NXDOMAIN, 5 REFUSED. */
  | { readonly code: number }
  /** Nothing is sent. */
  | 'silence';

/** A DNS server on loopback that answers from a table. */
export interface DnsStub {
  readonly port: number;
  /** `TYPE name` of each question, in order. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** Starts a UDP server that answers `TYPE name` as the function says. */
export async function startDnsStub(answer: (question: string) => StubAnswer): Promise<DnsStub> {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (query, from) => {
    const { name, end } = readName(query, 12);
    const type = types[query.readUInt16BE(end) as keyof typeof types] ?? 'other';
    const question = `${type} ${name}`;
    asked.push(question);
    const given = answer(question);
    if (given === 'silence') return;
    socket.send(reply(query, end + 4, given), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    port: (socket.address() as AddressInfo).port,
    asked,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function reply(query: Buffer, questionEnd: number, answer: Exclude<StubAnswer, 'silence'>): Buffer {
  const records = recordsOf(answer);
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  // A response, recursion desired and available.
  header.writeUInt16BE(0x8180 | ('code' in answer ? answer.code : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, query.subarray(12, questionEnd), ...records]);
}

function recordsOf(answer: Exclude<StubAnswer, 'silence'>): Buffer[] {
  if ('a' in answer) return answer.a.map((address) => record(1, Buffer.from(address.split('.').map(Number))));
  if ('ptr' in answer) return answer.ptr.map((name) => record(12, writeName(name)));
  if ('soa' in answer) {
    return [record(6, Buffer.concat([...answer.soa.map(writeName), Buffer.alloc(20)]))];
  }
  return [];
}

/** A record of the name in question (a pointer to offset 12), kept for an hour. */
function record(type: number, data: Buffer): Buffer {
  const fixed = Buffer.alloc(12);
  fixed.writeUInt16BE(0xc00c, 0);
  fixed.writeUInt16BE(type, 2);
  fixed.writeUInt16BE(1, 4);
  fixed.writeUInt32BE(3600, 6);
  fixed.writeUInt16BE(data.length, 10);
  return Buffer.concat([fixed, data]);
}

function writeName(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  return Buffer.concat([
    ...labels.map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.from([0]),
  ]);
}

function readName(message: Buffer, start: number): { name: string; end: number } {
  const labels: string[] = [];
  let at = start;
  while (message[at] !== 0) {
    const length = message[at] as number;
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}
