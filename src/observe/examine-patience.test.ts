import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { leaseLine, rawSources } from '../../test/support/raw-evidence.ts';
import type { ErrorCode } from '../domain/error.ts';
import { SourceError } from '../domain/error.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Observation } from '../domain/observation.ts';
import { examine } from './examine.ts';
import type { ExamineSources } from './examine-sources.ts';

/** The ends of time for looks, in the test's hand. */
let times: AbortController[] = [];

beforeEach(() => {
  times = [];
  vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => {
    const time = new AbortController();
    times.push(time);
    return time.signal;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** A source that never answers, and stops when it is told to, in its own words. */
function mute(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new SourceError('cancelled', 'test', 'stopped')));
  });
}

/** Lets everything run that waits for nobody. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function start(sources: ExamineSources, signal: AbortSignal): Promise<Evidence> {
  const inventory = await rawSources().hypervisor.guests(signal);
  const guest = inventory.find((each) => each.ref.vmid === 610);
  if (guest === undefined) throw new Error('the machine 610 is not in the inventory');
  return examine(sources, guest, { inventory, patienceMs: 1000 }, signal);
}

/** The evidence where the time for each look that nobody answers runs out. */
async function outOfTime(sources: ExamineSources): Promise<Evidence> {
  const examining = start(sources, new AbortController().signal);
  // The configuration comes first, and then all other sources: two rounds, and one for the second way in.
  for (let round = 0; round < 3; round += 1) {
    await settle();
    for (const time of times.splice(0)) time.abort(new DOMException('late', 'TimeoutError'));
  }
  return examining;
}

/** What could not be looked at, with its code. */
function blindSpots({ configuration, seed, agent, snapshot, reservation }: Evidence): [string, ErrorCode][] {
  const [dns] = snapshot.resolvers;
  const seen: Record<string, Observation<unknown> | undefined> = {
    configuration,
    seed,
    agent,
    guest: snapshot.guest,
    lease: snapshot.lease,
    reservation,
    forward: dns?.forward,
    forward6: dns?.forward6,
    reverse: dns?.reverse,
  };
  return Object.entries(seen).flatMap(([name, each]): [string, ErrorCode][] =>
    each?.seen === 'not-observable' ? [[name, each.code]] : [],
  );
}

const healthy = rawSources();
const { hypervisor } = healthy;
const server = healthy.dhcpServer('dnsmasq');
const resolver = healthy.resolver('unbound');
const shell = { via: 'mute', run: (_script: string, { signal }: { signal: AbortSignal }) => mute(signal) };

describe('examine, with a source that never answers', () => {
  it.each<[string, Partial<ExamineSources>, string[]]>([
    ['the power', { hypervisor: { ...hypervisor, find: (_vmid, signal) => mute(signal) } }, []],
    [
      'the guest agent’s list',
      {
        hypervisor: {
          ...hypervisor,
          agent: () => ({ interfaces: mute, run: () => Promise.reject(new Error('not asked')) }),
        },
      },
      ['agent'],
    ],
    [
      'cloud-init’s data',
      { hypervisor: { ...hypervisor, seed: (_configuration, signal) => mute(signal) } },
      ['seed'],
    ],
    ['one way in', { hypervisor: { ...hypervisor, inside: () => shell } }, []],
    ['both ways in', { hypervisor: { ...hypervisor, inside: () => shell }, ssh: () => shell }, ['guest']],
    // Without a lease the guest's own word says which address it has.
    ['the leases', { dhcpServer: () => ({ ...server, leases: mute }) }, ['lease']],
    ['the reservations', { dhcpServer: () => ({ ...server, reservations: mute }) }, ['reservation']],
    [
      'A records',
      { resolver: () => ({ ...resolver, forward: (_name, signal) => mute(signal) }) },
      ['forward'],
    ],
    [
      'PTR records',
      { resolver: () => ({ ...resolver, reverse: (_address, signal) => mute(signal) }) },
      ['reverse'],
    ],
  ])('loses it to the clock, and has all the rest: %s', async (_what, mutes, lost) => {
    const evidence = await outOfTime({ ...healthy, ...mutes });

    expect(blindSpots(evidence)).toEqual(lost.map((each) => [each, 'timeout']));
  });

  it('does not wait for leases to read what needs none', async () => {
    const asked: string[] = [];
    const leases = (signal: AbortSignal) => mute(signal);
    const forward: typeof resolver.forward = (name, signal) => {
      asked.push(name);
      return resolver.forward(name, signal);
    };
    const interrupt = new AbortController();
    const examining = start(
      { ...healthy, dhcpServer: () => ({ ...server, leases }), resolver: () => ({ ...resolver, forward }) },
      interrupt.signal,
    );

    await settle();
    interrupt.abort(new Error('stop'));

    await expect(examining).rejects.toThrow('stop');
    expect(asked).toEqual(['alpha.mgmt.internal']);
  });
});

describe('examine, interrupted', () => {
  it.each(['alpha', 'web_1'])(
    'ends at once, and leaves no failure that nobody hears of: %s',
    async (name) => {
      const sources = rawSources({ configuration: { name }, leases: leaseLine('alpha') });
      const unheard = vi.fn();
      process.on('unhandledRejection', unheard);
      const interrupt = new AbortController();
      const examining = start(
        { ...sources, dhcpServer: () => ({ ...server, leases: mute, reservations: mute }) },
        interrupt.signal,
      );
      await settle();

      interrupt.abort(new Error('stop'));

      await expect(examining).rejects.toThrow('stop');
      await settle();
      process.off('unhandledRejection', unheard);
      expect(unheard).not.toHaveBeenCalled();
    },
  );
});
