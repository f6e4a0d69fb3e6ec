import { describe, expect, it } from 'vitest';
import { address, at, fullName, guest, mac } from '../../test/support/sample-snapshot.ts';
import { scriptedShell } from '../../test/support/scripted-shell.ts';
import { SourceError } from '../domain/error.ts';
import type { Lease } from '../domain/lease.ts';
import type { DhcpServer, GuestProbe, Resolver } from '../domain/ports.ts';
import type { GuestProbes } from './probes.ts';
import { type SnapshotSources, takeSnapshot } from './snapshot.ts';

const lease: Lease = { address, mac, name: 'alpha', expiresAt: '2026-01-01T13:00:00.000Z' };
const subject = { nameAtHypervisor: 'alpha', mac, fqdn: fullName };
const { signal } = new AbortController();
const late = new SourceError('timeout', 'test', 'late');

function constant<T>(section: string, value: T): GuestProbe<T> {
  return { section, script: 'true', parse: () => value };
}

const seen = guest();
const probes: GuestProbes = {
  identity: constant('id', seen.identity),
  host: constant('host', seen.host),
  nixos: constant('nixos', seen.nixos),
  cloudInit: constant('ci', seen.cloudInit),
  os: constant('os', seen.os),
  interfaces: constant('if', seen.interfaces),
  networkManager: constant('nm', seen.client),
  networkd: constant('networkd', undefined),
  dhcpcd: constant('dhcpcd', undefined),
  dhclient: constant('dhclient', undefined),
};

function server(leases: readonly Lease[] | Error): DhcpServer {
  return {
    id: 'dnsmasq',
    leases: async () => {
      if (leases instanceof Error) throw leases;
      return { leases, readAt: at };
    },
    alive: () => Promise.reject(new Error('not asked here')),
  };
}

function resolver(asked: string[] = [], failure?: Error): Resolver {
  const answer = async <T>(question: string, record: T) => {
    asked.push(question);
    if (failure !== undefined) throw failure;
    return { status: 'answered' as const, records: [record] };
  };
  return { id: 'unbound', forward: (name) => answer(name, address), reverse: (of) => answer(of, fullName) };
}

function sources(changes: Partial<SnapshotSources> = {}): SnapshotSources {
  return {
    shell: scriptedShell({ stdout: 'end=1\n' }),
    probes,
    dhcpServer: server([lease]),
    resolvers: [resolver()],
    now: () => at,
    ...changes,
  };
}

describe('takeSnapshot', () => {
  it('sees every link', async () => {
    const asked: string[] = [];

    const taken = await takeSnapshot(sources({ resolvers: [resolver(asked)] }), subject, signal);

    expect(taken).toMatchObject({
      hypervisor: { seen: 'value', value: 'alpha', at },
      guest: { seen: 'value', value: seen, source: 'ssh root@scripted' },
      lease: { seen: 'value', value: { lease, readAt: at }, source: 'leases of dnsmasq' },
      resolvers: [{ resolver: 'unbound', forward: { seen: 'value' }, reverse: { seen: 'value' } }],
    });
    expect(asked).toEqual([fullName, address]);
  });

  it('sees that there is no lease, and that nobody can ask for the name of no address', async () => {
    const asked: string[] = [];

    const taken = await takeSnapshot(
      sources({ dhcpServer: server([]), resolvers: [resolver(asked)] }),
      subject,
      signal,
    );

    expect(taken.lease.seen).toBe('empty');
    expect(taken.resolvers[0]?.reverse).toMatchObject({ seen: 'not-observable', code: 'address-not-found' });
    expect(asked).toEqual([fullName]);
  });

  it('keeps "could not look" apart from "is absent" at every link', async () => {
    const blindly = sources({
      shell: scriptedShell(late),
      dhcpServer: server(late),
      resolvers: [resolver([], late)],
    });

    const { guest: view, lease: leased, resolvers } = await takeSnapshot(blindly, subject, signal);

    for (const link of [view, leased, resolvers[0]?.forward]) {
      expect(link).toMatchObject({ seen: 'not-observable', code: 'timeout', why: 'late', at });
    }
    expect(resolvers[0]?.reverse).toMatchObject({ seen: 'not-observable' });
  });

  it('sees the other links when one cannot be read', async () => {
    const taken = await takeSnapshot(sources({ shell: scriptedShell(late) }), subject, signal);

    expect([taken.guest.seen, taken.lease.seen, taken.resolvers[0]?.forward.seen]).toEqual([
      'not-observable',
      'value',
      'value',
    ]);
  });

  it('is over when the run is', async () => {
    const run = new AbortController();
    const dhcpServer = {
      ...server([]),
      leases: async () => {
        run.abort(new DOMException('stop', 'AbortError'));
        throw late;
      },
    };

    await expect(takeSnapshot(sources({ dhcpServer }), subject, run.signal)).rejects.toThrow('stop');
  });
});
