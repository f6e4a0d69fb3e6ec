import { describe, expect, it } from 'vitest';
import { simClock } from './clock.ts';

const { signal } = new AbortController();
const start = Date.UTC(2026, 0, 1, 12);

describe('simClock', () => {
  it('lets those who wait together wait once', async () => {
    const clock = simClock({ startsAt: start });

    await Promise.all([clock.sleep(1000, signal), clock.sleep(1000, signal), clock.sleep(400, signal)]);

    expect(clock.elapsed()).toBe(1000);
    expect(clock.now()).toBe('2026-01-01T12:00:01.000Z');
  });

  it('has things happen in the order of their time, whoever asked first', async () => {
    const clock = simClock({ startsAt: start });
    const happened: string[] = [];
    clock.after(300, () => happened.push(`late ${clock.elapsed()}`));
    clock.after(100, () => happened.push(`early ${clock.elapsed()}`));
    clock.after(100, () => happened.push(`early too ${clock.elapsed()}`));

    await clock.sleep(500, signal);

    expect(happened).toEqual(['early 100', 'early too 100', 'late 300']);
  });

  it('lets go of whoever gives up, and passes no time for them', async () => {
    const clock = simClock({ startsAt: start });
    const stop = new AbortController();
    const given = clock.sleep(60_000, stop.signal);
    stop.abort(new Error('enough'));

    await expect(given).rejects.toThrow('enough');
    await expect(clock.sleep(1, stop.signal)).rejects.toThrow('enough');
    await clock.sleep(10, signal);

    expect(clock.elapsed()).toBe(10);
  });
});
