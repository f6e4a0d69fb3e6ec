import { describe, expect, it } from 'vitest';
import { networkdClient } from '../../test/support/client-states.ts';
import { carryOut, type GivenGuest } from '../../test/support/fix-guest.ts';
import { otherRun } from '../../test/support/fix-memory.ts';
import { policy } from '../../test/support/fix-subject.ts';
import { deeds, type FixWorld, type FixWorldChanges, fixWorld } from '../../test/support/fix-world.ts';
import { client } from '../../test/support/sample-snapshot.ts';
import { SourceError } from '../domain/error.ts';
import type { Remedy } from '../domain/remedy.ts';
import { examineAndEnter } from '../observe/examine.ts';
import { observeOtherNics } from '../observe/other-nics.ts';
import { silenceRungs } from '../plan/silence.ts';
import { type Mending, mendGuest } from './mend.ts';

const { signal } = new AbortController();
/** A clone on Debian that has its template's name everywhere. */
const clone: GivenGuest = {
  vmid: 610,
  name: 'alpha',
  lease: 'template',
  debian: true,
  host: { static: 'template', believedStatic: 'template', transient: 'template' },
};
const wrongLease: GivenGuest = { vmid: 610, name: 'alpha', lease: 'template' };

interface Scene extends FixWorld {
  readonly mending: Mending;
  /** Mends the guest by the evidence that was taken when the scene was made. */
  mend(changes?: Partial<ReturnType<typeof policy>>): Promise<void>;
}

/** A guest that was looked at, and is about to be mended. */
async function scene(given: GivenGuest, changes: FixWorldChanges = {}): Promise<Scene> {
  const world = fixWorld([given], changes);
  const { sources, inventory, log } = world;
  const options = { inventory, patienceMs: 60_000 };
  const { evidence, shell, alias } = await examineAndEnter(
    sources,
    world.guest(610).summary,
    options,
    signal,
  );
  if (shell === undefined) throw new Error('nobody could enter');
  const others = await observeOtherNics(sources, evidence, shell, signal);
  const silences: Remedy[] = silenceRungs(others, 'alpha' as never, undefined);
  log.length = 0;
  const mending: Mending = { taken: [] };
  const mend: Scene['mend'] = (by = {}) => {
    const run = { policy: policy(by), emit: world.emit, signal };
    return mendGuest(sources, { evidence, shell, alias, silences }, run, mending);
  };
  return { ...world, mending, mend };
}

describe('mendGuest', () => {
  it('journals each write before it is made, and once more after it', async () => {
    const { log, mend, memory } = await scene(clone);

    await mend();

    expect(deeds({ log })).toEqual([
      'watch 10.2.10.110',
      'writing 610 static-name',
      'writing 610 transient-name',
      'apply 610 set-static-name',
      'written 1',
      'written 2',
      'remember alpha',
      'alive',
      'apply 610 refresh-static-name',
      'unwatch 10.2.10.110',
    ]);
    expect(memory.journal).toMatchObject([
      {
        guest: { name: 'alpha', kind: 'vm', alias: 'truename-vm-610-uuid-610' },
        write: { kind: 'static-name', was: 'template', wrote: 'alpha' },
        written: true,
      },
      { write: { kind: 'transient-name', was: 'template', wrote: 'alpha' }, written: true },
    ]);
  });

  it('leaves a write that failed as begun, not as done', async () => {
    const refused = new SourceError('command-failed', 'hostnamed', 'read-only file system');
    const { mend, memory, mending } = await scene(clone, {
      apply: () => {
        throw refused;
      },
    });

    await expect(mend()).rejects.toBe(refused);

    expect(memory.journal.map(({ written }) => written)).toEqual([false, false]);
    expect(memory.names.size).toBe(0);
    // It was begun: what of it was done nobody knows.
    expect(mending.taken).toMatchObject([{ remedy: { kind: 'set-static-name' }, lease: null }]);
    expect(mending.outage).toEqual({ seen: true, longestMs: 0, asked: 10, lost: 0 });
  });

  it('writes nothing where the journal cannot be written', async () => {
    const { log, mend, memory, sources } = await scene(clone);
    const full = new Error('no space left');
    Object.assign(memory.state.journal, { writing: () => Promise.reject(full) });

    await expect(mend()).rejects.toBe(full);

    expect(sources.state).toBe(memory.state);
    expect(log.filter((each) => each.startsWith('apply'))).toEqual([]);
  });

  it('remembers no name as its own that it only let the guest ask with', async () => {
    const { mend, memory, mending } = await scene(wrongLease);

    await mend();

    expect(mending.taken).toMatchObject([{ remedy: { kind: 'refresh-static-name' }, lease: 'alpha' }]);
    expect([...memory.names]).toEqual([]);
  });

  it('remembers a name that it wrote into a profile', async () => {
    const profile = client({ savedName: 'template', appliedName: 'template' });
    const host = { static: 'template', believedStatic: 'template' };
    const { mend, memory } = await scene({ ...wrongLease, client: profile, host });

    await mend();

    expect([...memory.names]).toEqual([['truename-vm-610-uuid-610', 'alpha']]);
    expect(memory.journal.map(({ write }) => write)).toMatchObject([
      { kind: 'profile-name', was: 'template', wrote: 'alpha', copy: 'saved' },
    ]);
  });

  it.each<[string, FixWorldChanges, string]>([
    [
      'is not seen alive',
      { alive: async () => ({ alive: false, why: 'no dnsmasq runs' }) },
      'dhcp-server-silent',
    ],
    [
      'cannot be asked',
      { alive: () => Promise.reject(new SourceError('unreachable', 'ssh', 'no session')) },
      'unreachable',
    ],
  ])('asks nothing of a guest whose server %s', async (_what, changes, code) => {
    const { log, mend } = await scene(
      { ...wrongLease, second: networkdClient({ device: 'ens19' }) },
      changes,
    );

    await expect(mend()).rejects.toMatchObject({ code });

    expect(deeds({ log })).toEqual(['watch 10.2.10.110', 'alive', 'unwatch 10.2.10.110']);
  });

  it('asks nothing beside a pending write at the server', async () => {
    const { log, mend, memory, events } = await scene(wrongLease);
    memory.held.set('dhcp-server-dnsmasq', otherRun);

    await expect(mend()).rejects.toMatchObject({
      code: 'dhcp-server-silent',
      message: expect.stringContaining(
        'run 20260101-110000-abcd (process 4711 on cicd) changes it since 2026-01-01T11:00:00.000Z',
      ) as unknown,
    });

    expect(deeds({ log })).toEqual(['watch 10.2.10.110', 'unwatch 10.2.10.110']);
    expect(events).toEqual([]);
  });

  it.each([
    ['just now', 9_999, 1],
    ['ten seconds ago', 10_000, 2],
  ])('goes by evidence taken %s, or reads it anew', async (_when, age, looks) => {
    const { log, mend, clock } = await scene(wrongLease);
    clock.advance(age);

    await mend();

    // One look reads the lease back; a further one took the place of old evidence.
    expect(log.filter((each) => each.startsWith('look'))).toHaveLength(looks);
  });

  it('does nothing where old evidence turns out to be over', async () => {
    const { log, mend, clock, guest, mending } = await scene(wrongLease);
    clock.advance(60_000);
    guest(610).lease = 'alpha';

    await mend();

    expect(deeds({ log })).toEqual(['watch 10.2.10.110', 'unwatch 10.2.10.110']);
    expect(mending.taken).toEqual([]);
  });

  it('silences the other NIC before it climbs, and climbs by what is seen after that', async () => {
    const second = networkdClient({ device: 'ens19' });
    const { log, mend, memory } = await scene({ ...wrongLease, debian: true, second });

    await mend();

    expect(log).toEqual([
      'watch 10.2.10.110',
      'alive',
      'writing 610 drop-in',
      'apply 610 silence-link',
      'written 1',
      'look 610',
      'look 610',
      'alive',
      'apply 610 refresh-static-name',
      'look 610',
      'unwatch 10.2.10.110',
    ]);
    expect(memory.journal[0]?.write).toEqual({
      kind: 'drop-in',
      path: '/etc/systemd/network/10-lan.network.d/zz-truename.conf',
      was: null,
      wrote: 'send-none',
    });
  });

  it('sets the kernel’s name last, and reads that back too', async () => {
    const { mend, mending, events } = await scene({ ...wrongLease, host: { transient: 'template' } });

    await mend();

    expect(mending.taken.map(({ remedy }) => remedy.kind)).toEqual([
      'refresh-static-name',
      'set-transient-name',
    ]);
    expect(mending.last?.guest).toMatchObject({ value: { host: { transient: 'alpha' } } });
    expect(events.map((each) => (each.type === 'writing' ? each.kind : each.type))).toEqual([
      'rung-started',
      'lease-read',
      'rung-ended',
      'rung-started',
      'transient-name',
      'rung-ended',
    ]);
  });

  it('tells the seconds of a rung and the name in the lease afterwards', async () => {
    const { mend, events } = await scene(wrongLease, {
      apply(remedy, guest) {
        carryOut(guest, remedy);
      },
    });

    await mend();

    expect(events).toMatchObject([
      { type: 'rung-started', remedy: { kind: 'refresh-static-name' }, guest: { name: 'alpha' } },
      { type: 'lease-read', lease: 'alpha' },
      { type: 'rung-ended', kind: 'refresh-static-name', seconds: 0.1, lease: 'alpha' },
    ]);
  });

  it('restarts a guest by its hypervisor, and only where that was asked for', async () => {
    const stubborn: FixWorldChanges = { apply: (_remedy, guest) => answer(guest) };
    const limits = { disruption: 'reboot', reach: 'guest' } as const;

    const { log, mend, guest, sources } = await scene(wrongLease, stubborn);
    Object.assign(sources, {
      async reboot() {
        log.push('reboot 610');
        answer(guest(610));
        guest(610).lease = 'alpha';
      },
    });
    await mend({ limits });
    const gentle = await scene(wrongLease, stubborn);
    await gentle.mend();

    expect(log).toContain('reboot 610');
    expect(gentle.log).not.toContain('reboot 610');
  });

  it('watches nothing where no lease says which address', async () => {
    const { log, mend, mending } = await scene({ ...wrongLease, lease: 'absent' });

    await mend();

    expect(deeds({ log })[0]).toBe('alive');
    expect(mending.outage).toBeUndefined();
  });
});

/** The server answers, and the name stays as it is. */
function answer(guest: ReturnType<FixWorld['guest']>): void {
  const { client: held } = guest.view;
  guest.leaseEnds = new Date(Date.parse(guest.leaseEnds) + 10_000).toISOString();
  if (held !== undefined)
    guest.view = { ...guest.view, client: { ...held, leaseExpiresAt: guest.leaseEnds } };
}
