import { describe, expect, it } from 'vitest';
import { fakeClock } from '../../test/support/fake-clock.ts';
import { type Look, waitFor } from './waiting.ts';

const { signal } = new AbortController();
const patience = { forMs: 10_000, everyMs: 500 };

describe('waitFor', () => {
  it('gives what is there at once, without a wait', async () => {
    const clock = fakeClock();

    expect(await waitFor(async () => ({ found: 1 }), patience, clock, signal)).toEqual({ found: 1 });
    expect(clock.elapsed()).toBe(0);
  });

  it('gives the last reason when patience ends', async () => {
    const clock = fakeClock();
    let looks = 0;
    const look = async (): Promise<Look<number>> => {
      looks += 1;
      return { notYet: `look ${looks}` };
    };

    expect(await waitFor(look, patience, clock, signal)).toEqual({ notYet: `look ${looks}` });
    expect(clock.elapsed()).toBeGreaterThanOrEqual(10_000);
    expect(clock.elapsed()).toBeLessThan(12_000);
  });

  it('looks once without patience', async () => {
    const clock = fakeClock();

    await waitFor(async () => ({ notYet: 'no' }), { forMs: 0, everyMs: 500 }, clock, signal);

    expect(clock.elapsed()).toBe(0);
  });

  it('looks at growing distance, up to four times the first', async () => {
    const clock = fakeClock();
    const at: number[] = [];

    await waitFor(
      async () => {
        at.push(clock.elapsed());
        return { notYet: 'no' };
      },
      { forMs: 60_000, everyMs: 500 },
      clock,
      signal,
    );

    const distances = at.slice(1).map((time, index) => time - (at[index] as number));
    expect(distances[0]).toBe(500);
    expect(distances).toEqual([...distances].sort((left, right) => left - right));
    expect(Math.max(...distances)).toBe(2000);
  });

  it('ends with the run, before the next look', async () => {
    let looks = 0;
    const look = async () => {
      looks += 1;
      return { notYet: 'no' };
    };

    await expect(waitFor(look, patience, fakeClock(), AbortSignal.abort())).rejects.toThrow();
    expect(looks).toBe(0);
  });
});
