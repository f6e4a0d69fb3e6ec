import { describe, expect, it } from 'vitest';
import { SourceError } from '../domain/error.ts';
import type { LeaseTable } from '../domain/lease.ts';
import type { DhcpServer } from '../domain/ports.ts';
import { sharedServer } from './shared-server.ts';

const { signal } = new AbortController();

/** A server whose readings end in the test's hand. */
function scene() {
  const readings: { end(table: LeaseTable): void; fail(error: Error): void }[] = [];
  const server: DhcpServer = {
    id: 'dnsmasq',
    leases: () => new Promise((end, fail) => void readings.push({ end, fail })),
    alive: async () => ({ alive: true, sign: 'test' }),
  };
  return { readings, shared: sharedServer(server, 60_000) };
}

const table = (readAt: string): LeaseTable => ({ leases: [], readAt });
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('sharedServer', () => {
  it('gives all who ask during a reading the next one, together', async () => {
    const { readings, shared } = scene();

    const first = shared.leases(signal);
    const others = [shared.leases(signal), shared.leases(signal)];
    readings[0]?.end(table('1'));
    await settle();
    readings[1]?.end(table('2'));

    expect((await first).readAt).toBe('1');
    expect((await Promise.all(others)).map(({ readAt }) => readAt)).toEqual(['2', '2']);
    expect(readings).toHaveLength(2);
  });

  it('reads anew for whoever comes when nothing is read', async () => {
    const { readings, shared } = scene();

    const first = shared.leases(signal);
    readings[0]?.end(table('1'));
    await first;
    const second = shared.leases(signal);
    readings[1]?.end(table('2'));

    expect((await second).readAt).toBe('2');
  });

  it('keeps one failure from those who asked after it had begun', async () => {
    const { readings, shared } = scene();

    const first = shared.leases(signal);
    const second = shared.leases(signal);
    readings[0]?.fail(new SourceError('timeout', 'ssh', 'late'));
    await expect(first).rejects.toMatchObject({ code: 'timeout' });
    await settle();
    readings[1]?.end(table('2'));

    expect((await second).readAt).toBe('2');
  });

  it('lets one give up without the others', async () => {
    const { readings, shared } = scene();
    const impatient = new AbortController();

    const first = shared.leases(impatient.signal);
    const second = shared.leases(signal);
    impatient.abort(new Error('no more'));
    await expect(first).rejects.toThrow('no more');
    readings[0]?.end(table('1'));
    await settle();
    readings[1]?.end(table('2'));

    expect((await second).readAt).toBe('2');
  });
});
