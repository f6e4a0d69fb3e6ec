import { createSocket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fqdn } from '../../domain/name.ts';
import { dnsResolver } from './resolver.ts';

const name = 'alpha.mgmt.internal' as Fqdn;
const { signal } = new AbortController();

let close: (() => Promise<void>) | undefined;
let askedTypes: number[] = [];

/** A resolver that answers all questions with these AAAA records (RFC 3596), or with a code and none. */
async function resolver(addresses: readonly string[], code = 0) {
  const socket = createSocket('udp4');
  askedTypes = [];
  socket.on('message', (query, from) => {
    const questionEnd = query.indexOf(0, 12) + 5;
    askedTypes.push(query.readUInt16BE(questionEnd - 4));
    // A response, recursion desired and available; one question; each record points at its name.
    const header = Buffer.from([0x81, 0x80 | code, 0, 1, 0, addresses.length, 0, 0, 0, 0]);
    const records = addresses.map((hex) => Buffer.from(`c00c001c000100000e100010${hex}`, 'hex'));
    const reply = [query.subarray(0, 2), header, query.subarray(12, questionEnd), ...records];
    socket.send(Buffer.concat(reply), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  close = () => new Promise((resolve) => socket.close(() => resolve()));
  return dnsResolver({ id: 'unbound', address: '127.0.0.1', port: (socket.address() as AddressInfo).port });
}

afterEach(async () => {
  await close?.();
  close = undefined;
});

describe('forward6', () => {
  it('gives every IPv6 address, and asks for nothing else', async () => {
    const asked = await resolver(['fd000000000000000000000000000005', '20010db8000000000000000000000abc']);

    expect(await asked.forward6?.(name, signal)).toEqual({
      status: 'answered',
      records: ['fd00::5', '2001:db8::abc'],
    });
    expect(askedTypes).toEqual([28]);
  });

  it.each([
    ['NXDOMAIN', 3],
    ['NODATA', 0],
  ])('reads %s as no record', async (_what, code) => {
    expect(await (await resolver([], code)).forward6?.(name, signal)).toEqual({ status: 'none' });
  });

  it('reads SERVFAIL as an answer that tells nothing', async () => {
    const answer = (await resolver([], 2)).forward6?.(name, signal);

    await expect(answer).rejects.toMatchObject({ name: 'SourceError', code: 'bad-response' });
  });

  it('ends at once when the run is interrupted', async () => {
    const answer = (await resolver([])).forward6?.(name, AbortSignal.abort());

    await expect(answer).rejects.toThrow();
    expect(askedTypes).toEqual([]);
  });
});
