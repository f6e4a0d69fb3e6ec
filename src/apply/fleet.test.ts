import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowedAtOnce } from '../plan/growth.ts';
import { eachInTurn, type Turn } from './fleet.ts';

const proven: Turn = { proven: true };
const failed: Turn = { proven: false };
const never = new AbortController().signal;

/** Turns that end when the test says so. */
function turns() {
  const open = new Map<number, (turn: Turn) => void>();
  const begun: number[] = [];
  const work = (guest: number): Promise<Turn> => {
    begun.push(guest);
    return new Promise((resolve) => open.set(guest, resolve));
  };
  const end = async (guest: number, turn: Turn): Promise<void> => {
    open.get(guest)?.(turn);
    open.delete(guest);
    // All that follows from it has happened once the queue of microtasks is empty.
    await new Promise(setImmediate);
  };
  return { begun, open, work, end };
}

describe('eachInTurn', () => {
  it('starts with one, and grows by those that were proven', async () => {
    const { begun, work, end } = turns();

    const all = eachInTurn([1, 2, 3, 4, 5, 6, 7], 3, work, never);

    expect(begun).toEqual([1]);
    await end(1, proven);
    expect(begun).toEqual([1, 2, 3]);
    await end(2, failed);
    expect(begun).toEqual([1, 2, 3, 4]);
    await end(3, proven);
    await end(4, proven);
    expect(begun).toEqual([1, 2, 3, 4, 5, 6, 7]);
    for (const guest of [5, 6, 7]) await end(guest, proven);
    expect(await all).toEqual({ notBegun: [] });
  });

  it('stays with one as long as none was proven', async () => {
    const { begun, open, work, end } = turns();

    const all = eachInTurn([1, 2, 3], 8, work, never);
    for (const guest of [1, 2, 3]) {
      expect([begun.at(-1), open.size]).toEqual([guest, 1]);
      await end(guest, failed);
    }

    expect(await all).toEqual({ notBegun: [] });
  });

  it('begins nobody else once a guest stops the fleet, and waits for those in hand', async () => {
    const { begun, work, end } = turns();
    let over = false;

    const all = eachInTurn([1, 2, 3, 4], 2, work, never).finally(() => {
      over = true;
    });
    await end(1, proven);
    await end(2, { proven: false, stop: 'beta: unanswered' });
    expect([begun, over]).toEqual([[1, 2, 3], false]);
    await end(3, { proven: true, stop: 'gamma: unanswered too' });

    expect(await all).toEqual({ notBegun: [4], why: 'beta: unanswered' });
  });

  it('begins nobody else once the run is interrupted', async () => {
    const { begun, work, end } = turns();
    const stop = new AbortController();

    const all = eachInTurn([1, 2, 3], 2, work, stop.signal);
    stop.abort();
    await end(1, proven);

    expect(await all).toEqual({ notBegun: [2, 3], why: 'the run was interrupted' });
    expect(begun).toEqual([1]);
  });

  it('gives no reason where nobody is left', async () => {
    const stopping = { proven: false, stop: 'alpha: unanswered' };

    expect(await eachInTurn([1], 2, () => Promise.resolve(stopping), never)).toEqual({ notBegun: [] });
    expect(await eachInTurn([], 2, () => Promise.reject(new Error('begun')), never)).toEqual({
      notBegun: [],
    });
  });

  it('gives each its turn exactly once, never more at once than were proven allow', async () => {
    const fleet = fc.array(fc.boolean(), { maxLength: 30 });

    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fleet,
        fc.integer({ min: 1, max: 9 }),
        async (scheduler, ends, bound) => {
          const begun: number[] = [];
          let good = 0;
          let atOnce = 0;
          const work = async (guest: number): Promise<Turn> => {
            begun.push(guest);
            atOnce += 1;
            expect(atOnce).toBeLessThanOrEqual(allowedAtOnce(good, bound));
            await scheduler.schedule(Promise.resolve(), `guest ${guest}`);
            atOnce -= 1;
            const isGood = ends[guest] === true;
            if (isGood) good += 1;
            return { proven: isGood };
          };

          const all = eachInTurn([...ends.keys()], bound, work, never);
          const { notBegun } = await scheduler.waitFor(all);

          expect(notBegun).toEqual([]);
          expect(begun).toEqual([...ends.keys()]);
        },
      ),
    );
  });
});
