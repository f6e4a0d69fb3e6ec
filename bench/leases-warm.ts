// A warm process that reads lease files as often as it is told: one line on stdin, one line of JSON on stdout.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { leaseFileReader } from '../src/adapters/dnsmasq/lease-file.ts';
import { memfileReader } from '../src/adapters/kea/memfile.ts';

const [kind, ...files] = process.argv.slice(2);
setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

async function dnsmasq() {
  const reader = leaseFileReader();
  for (const file of files) await feed(file, (chunk) => reader.push(chunk));
  return reader.finish();
}

async function kea() {
  const reader = memfileReader('bench');
  for (const file of files) {
    await feed(file, (chunk) => reader.push(chunk));
    reader.nextFile();
  }
  return reader.finish();
}

async function feed(file: string, push: (chunk: Buffer) => void): Promise<void> {
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) push(chunk);
}

function held(): number {
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

for await (const _line of createInterface({ input: process.stdin })) {
  const start = performance.now();
  const file = await (kind === 'kea' ? kea() : dnsmasq());
  const ms = performance.now() - start;
  const bytes = held();
  const [known] = file.find.byName('guest-3');
  const { unreadable } = file;
  process.stdout.write(`${JSON.stringify({ ms, bytes, unreadable, known: known?.address ?? null })}\n`);
}
