import { describe, expect, it } from 'vitest';
import { networkdClient } from '../../test/support/client-states.ts';
import type { GivenGuest } from '../../test/support/fix-guest.ts';
import { otherRun } from '../../test/support/fix-memory.ts';
import { many, outcomes, play, request, signals, template } from '../../test/support/fix-run.ts';
import { deeds, fixWorld } from '../../test/support/fix-world.ts';
import { SourceError } from '../domain/error.ts';
import { fix } from './fix.ts';

const right: GivenGuest = { vmid: 610, name: 'alpha' };
const wrong: GivenGuest = { vmid: 611, name: 'beta', lease: 'template' };

describe('fix', () => {
  it('does nothing with a guest that is right, but for one look', async () => {
    const { log, result, events } = await play([right]);

    expect(log).toEqual(['look 610']);
    expect(result.results).toMatchObject([{ outcome: 'right', taken: [], proof: { proven: true } }]);
    expect(events.map(({ type }) => type)).toEqual([
      'run-started',
      'guest-examined',
      'guest-ended',
      'run-ended',
    ]);
  });

  it('mends a wrong one, proves it, and tells what it does', async () => {
    const { log, result, events } = await play([wrong]);

    expect(deeds({ log })).toEqual([
      'lock truename-vm-611-uuid-611',
      'watch 10.2.10.111',
      'alive',
      'apply 611 refresh-static-name',
      'unwatch 10.2.10.111',
      'unlock truename-vm-611-uuid-611',
    ]);
    expect(result.results).toMatchObject([
      {
        outcome: 'mended',
        proof: { proven: true },
        taken: [{ remedy: { kind: 'refresh-static-name' }, lease: 'beta' }],
        outage: { seen: true, lost: 0 },
      },
    ]);
    expect(events.map(({ type }) => type)).toEqual([
      'run-started',
      'guest-examined',
      'guest-started',
      'rung-started',
      'lease-read',
      'rung-ended',
      'guest-ended',
      'run-ended',
    ]);
  });

  it('does nothing the second time', async () => {
    const world = fixWorld(
      [{ ...wrong, debian: true, host: { static: 'template', transient: 'template' } }],
      {
        beside: [template],
      },
    );
    const go = () => fix(request(world), world.sources, world.emit, signals());

    const first = await go();
    const before = deeds(world).length;
    const second = await go();

    expect([outcomes(first), outcomes(second)]).toEqual([[[611, 'mended']], [[611, 'right']]]);
    expect(deeds(world)).toHaveLength(before);
  });

  it('looks at everything and changes nothing in a dry run', async () => {
    const { log, result } = await play([right, wrong], { dryRun: true });

    expect(deeds({ log })).toEqual([]);
    expect(result).toMatchObject({
      dryRun: true,
      results: [
        { outcome: 'right' },
        { outcome: 'planned', taken: [], planned: [{ kind: 'refresh-static-name' }, {}, {}] },
      ],
    });
  });

  it('goes on with the others where one fails', async () => {
    const { result } = await play(
      [wrong, { vmid: 612, name: 'gamma', lease: 'template' }, right],
      {},
      {
        apply(_remedy, guest) {
          if (guest.summary.ref.vmid === 611) throw new SourceError('command-failed', 'nmcli', 'no');
          guest.lease = 'gamma';
        },
      },
    );

    expect(outcomes(result)).toEqual([
      [611, 'failed'],
      [612, 'mended'],
      [610, 'right'],
    ]);
    expect(result).toMatchObject({ results: [{ error: { code: 'command-failed' } }, {}, {}] });
    expect(result.stopped).toBeUndefined();
  });

  it('goes on with the others where one cannot be entered, is busy, or is left', async () => {
    const world = fixWorld(
      [wrong, ...many(3), { ...right, summary: { tags: ['truename-ignore'] }, lease: 'template' }],
      { beside: [template], closed: [100] },
    );
    world.memory.held.set(world.guest(101).alias, otherRun);

    const result = await fix(request(world), world.sources, world.emit, signals());

    expect(outcomes(result)).toEqual([
      [611, 'mended'],
      [100, 'could-not-look'],
      [101, 'failed'],
      [102, 'mended'],
      [610, 'left'],
    ]);
    expect(result.results[2]?.why).toContain(
      'run 20260101-110000-abcd works on it since 2026-01-01T11:00:00.000Z',
    );
    expect(deeds(world).filter((each) => each.includes('101') || each.includes('610 '))).toEqual([]);
  });

  it('begins nobody else once a renewal stays without an answer', async () => {
    const { result, events, log } = await play([...many(3), right], {}, { apply: () => undefined });

    expect(outcomes(result)).toEqual([
      [100, 'failed'],
      [101, 'not-begun'],
      [102, 'not-begun'],
      [610, 'right'],
    ]);
    expect(result.stopped).toMatch(/^web100 \(100\): the renewal \(refresh-static-name\) was not answered/);
    expect(events.filter(({ type }) => type === 'run-stopped')).toHaveLength(1);
    expect(log.filter((each) => each.startsWith('apply'))).toEqual(['apply 100 refresh-static-name']);
  });

  it('tells the end of every guest, also of those that were not begun', async () => {
    const { events } = await play([...many(3), right], {}, { apply: () => undefined });

    const ended = events.flatMap((each) => (each.type === 'guest-ended' ? [each.guest.ref.vmid] : []));
    expect([...ended].sort()).toEqual([100, 101, 102, 610]);
  });

  it('begins nobody once it is interrupted, and says so', async () => {
    const world = fixWorld([wrong, right], { beside: [template] });
    const stop = AbortSignal.abort();

    const result = await fix(request(world), world.sources, world.emit, signals({ stop }));

    expect(outcomes(result)).toEqual([
      [611, 'not-begun'],
      [610, 'not-begun'],
    ]);
    expect(result.stopped).toBe('the run was interrupted');
    expect(world.log).toEqual([]);
  });

  it('finishes the guest in hand when it is interrupted', async () => {
    const stop = new AbortController();
    const world = fixWorld(many(3), {
      beside: [template],
      apply(_remedy, guest) {
        stop.abort();
        guest.lease = guest.configuration.name;
      },
    });

    const result = await fix(request(world), world.sources, world.emit, signals({ stop: stop.signal }));

    expect(outcomes(result)).toEqual([
      [100, 'mended'],
      [101, 'not-begun'],
      [102, 'not-begun'],
    ]);
  });

  it('ends everything once the time for the run is over', async () => {
    const abort = new AbortController();
    const world = fixWorld(many(3), {
      beside: [template],
      apply: () => abort.abort(new DOMException('over', 'TimeoutError')),
    });

    const result = await fix(request(world), world.sources, world.emit, signals({ abort: abort.signal }));

    expect(outcomes(result)).toEqual([
      [100, 'failed'],
      [101, 'not-begun'],
      [102, 'not-begun'],
    ]);
    expect(result.results[0]?.error).toMatchObject({
      code: 'timeout',
      message: 'the time for the whole run is over',
    });
    expect(world.log.filter((each) => each.startsWith('unlock'))).toHaveLength(1);
  });

  it('works where nothing can be remembered', async () => {
    const { result, log } = await play([wrong], {}, { stateless: true });

    expect(outcomes(result)).toEqual([[611, 'mended']]);
    expect(deeds({ log })).toEqual([
      'watch 10.2.10.111',
      'alive',
      'apply 611 refresh-static-name',
      'unwatch 10.2.10.111',
    ]);
  });

  it('silences another NIC first, and proves that it is silent', async () => {
    const second = networkdClient({ device: 'ens19' });
    const { result, log } = await play([{ ...wrong, lease: 'beta', debian: true, second }]);

    expect(outcomes(result)).toEqual([[611, 'mended']]);
    expect(deeds({ log })).toContain('apply 611 silence-link');
  });
});
