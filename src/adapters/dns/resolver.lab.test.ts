import { afterEach, describe, expect, it } from 'vitest';
import { type DnsStub, type StubAnswer, startDnsStub } from '../../../test/support/dns-stub.ts';
import type { Address } from '../../domain/address.ts';
import type { Fqdn } from '../../domain/name.ts';
import { dnsResolver } from './resolver.ts';

const name = 'alpha.mgmt.internal' as Fqdn;
const address = '10.2.10.5' as Address;
const { signal } = new AbortController();
const nxdomain = { code: 3 };

let stub: DnsStub | undefined;

async function resolver(answers: Readonly<Record<string, StubAnswer>>) {
  stub = await startDnsStub((question) => answers[question] ?? nxdomain);
  return dnsResolver({ id: 'unbound', address: '127.0.0.1', port: stub.port });
}

afterEach(async () => {
  await stub?.close();
  stub = undefined;
});

describe('forward', () => {
  it('gives every address', async () => {
    const asked = await resolver({ 'A alpha.mgmt.internal': { a: ['10.2.10.5', '10.2.10.6'] } });

    expect(await asked.forward(name, signal)).toEqual({
      status: 'answered',
      records: ['10.2.10.5', '10.2.10.6'],
    });
    expect(stub?.asked).toEqual(['A alpha.mgmt.internal']);
  });

  it('asks the server each time: what was true a moment ago proves nothing', async () => {
    const asked = await resolver({ 'A alpha.mgmt.internal': { a: ['10.2.10.5'] } });

    await asked.forward(name, signal);
    await asked.forward(name, signal);

    expect(stub?.asked).toHaveLength(2);
  });

  it.each([
    ['NXDOMAIN', nxdomain],
    ['NODATA', { code: 0 }],
  ])('reads %s as no record', async (_what, answer) => {
    const asked = await resolver({ 'A alpha.mgmt.internal': answer });

    expect(await asked.forward(name, signal)).toEqual({ status: 'none' });
  });

  it.each([
    ['SERVFAIL', 2],
    ['REFUSED', 5],
  ])('reads %s as an answer that tells nothing', async (_what, code) => {
    const asked = await resolver({ 'A alpha.mgmt.internal': { code } });

    await expect(asked.forward(name, signal)).rejects.toMatchObject({
      name: 'SourceError',
      code: 'bad-response',
    });
  });

  it('tells silence from absence', async () => {
    const asked = await resolver({ 'A alpha.mgmt.internal': 'silence' });

    await expect(asked.forward(name, signal)).rejects.toMatchObject({ name: 'SourceError', code: 'timeout' });
  });

  it('tells that nobody listens', async () => {
    const gone = await startDnsStub(() => nxdomain);
    await gone.close();
    const asked = dnsResolver({ id: 'unbound', address: '127.0.0.1', port: gone.port });

    await expect(asked.forward(name, signal)).rejects.toMatchObject({
      name: 'SourceError',
      code: 'unreachable',
    });
  });

  it('ends at once when the run is interrupted', async () => {
    const asked = await resolver({ 'A alpha.mgmt.internal': 'silence' });
    const run = new AbortController();

    const answer = asked.forward(name, run.signal);
    const told = expect(answer).rejects.toMatchObject({ name: 'SourceError', code: 'cancelled' });
    await expect.poll(() => stub?.asked).toHaveLength(1);
    run.abort();

    await told;
  });

  it('asks nothing after an interruption', async () => {
    const asked = await resolver({});

    await expect(asked.forward(name, AbortSignal.abort())).rejects.toThrow();
    expect(stub?.asked).toEqual([]);
  });
});

describe('reverse', () => {
  const pointer = 'PTR 5.10.2.10.in-addr.arpa';
  const zone = 'SOA 10.in-addr.arpa';

  it('gives the names in lower case', async () => {
    const asked = await resolver({ [pointer]: { ptr: ['Alpha.MGMT.internal'] } });

    expect(await asked.reverse(address, signal)).toEqual({
      status: 'answered',
      records: ['alpha.mgmt.internal'],
    });
  });

  it('passes over what is no name', async () => {
    const asked = await resolver({ [pointer]: { ptr: ['bad_name.mgmt.internal', 'single'] } });

    expect(await asked.reverse(address, signal)).toEqual({ status: 'none' });
  });

  it.each([
    ['the server of the empty zone', { soa: ['localhost', 'root.example'] as const }],
    ['its hostmaster', { soa: ['ns.example', 'nobody.invalid'] as const }],
  ])('knows by %s that the zone is not served (RFC 6303)', async (_what, answer) => {
    const asked = await resolver({ [zone]: answer });

    expect(await asked.reverse(address, signal)).toMatchObject({
      status: 'not-served',
      why: expect.stringContaining('10.in-addr.arpa'),
    });
  });

  it.each([
    ['172.20.1.2', 'SOA 20.172.in-addr.arpa'],
    ['192.168.1.2', 'SOA 168.192.in-addr.arpa'],
  ])('asks for the zone of %s', async (of, question) => {
    const asked = await resolver({ [question]: { soa: ['localhost', 'nobody.invalid'] } });

    expect(await asked.reverse(of as Address, signal)).toMatchObject({ status: 'not-served' });
  });

  it('reads a served zone, and an address that is not private, as no record', async () => {
    const asked = await resolver({ [zone]: { soa: ['ns.example', 'root.example'] } });

    expect(await asked.reverse(address, signal)).toEqual({ status: 'none' });
    expect(await asked.reverse('203.0.113.5' as Address, signal)).toEqual({ status: 'none' });
    expect(stub?.asked.filter((question) => question.startsWith('SOA'))).toEqual([zone]);
  });
});
