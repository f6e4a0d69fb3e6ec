import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Controller } from './controller.ts';
import type { Firewall } from './firewall.ts';

/** A lease as the lab reads it for itself, apart from the code that it is there to check. */
export interface ReadLease {
  readonly address: string;
  /** `*` where the server knows none. */
  readonly name: string;
}

/** A look that finds nothing may have come upon the file while the server wrote it, which takes it a moment. */
const looks = 3;

/** The lease of a MAC address, straight from the server's file; undefined when there is none. */
export async function readLease(firewall: Firewall, mac: string): Promise<ReadLease | undefined> {
  for (let look = 1; ; look += 1) {
    const lease = await leaseInFile(firewall, mac);
    if (lease !== undefined || look === looks) return lease;
    await delay(30);
  }
}

async function leaseInFile(firewall: Firewall, mac: string): Promise<ReadLease | undefined> {
  const text = await readFile(firewall.leaseFile, 'utf8').catch(() => '');
  const fields = text
    .split('\n')
    .map((line) => line.split(' '))
    // The server rewrites the file in place: a line without its last field is half written.
    .find((each) => each[1] === mac && each.length >= 5);
  const [, , address, name] = fields ?? [];
  return address === undefined || name === undefined ? undefined : { address, name };
}

/** Waits until the server has leased an address to the MAC address, at most the given time. */
export async function firstLease(firewall: Firewall, mac: string, timeoutMs: number): Promise<ReadLease> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    const lease = await readLease(firewall, mac);
    if (lease !== undefined) return lease;
    await delay(50);
  }
  throw new Error(`no lease of ${mac} in ${firewall.segment.name} within ${timeoutMs} ms`);
}

const ask = `const { Resolver } = await import('node:dns/promises');
const [server, name, type] = process.argv.slice(1);
const resolver = new Resolver({ timeout: 2000, tries: 2 });
resolver.setServers([server]);
const records = await resolver.resolve(name, type).catch((error) => [error.code]);
console.log(records.join(','));`;

/** The records of a name at a resolver, or the error code that came instead. */
export async function askResolver(
  controller: Controller,
  server: string,
  name: string,
  type: 'A' | 'PTR',
): Promise<string> {
  const { stdout } = await controller.run([
    process.execPath,
    '--input-type=module',
    '--eval',
    ask,
    server,
    name,
    type,
  ]);
  return stdout.trim();
}
