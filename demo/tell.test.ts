import { describe, expect, it } from 'vitest';
import { simNetwork } from '../sim/network.ts';
import { simStage } from './on-sim/stage.ts';
import type { Stage } from './stage.ts';
import { tell } from './tell.ts';

const nothing = () => undefined;
const output = { progress: nothing, result: nothing, live: false, colour: false };

/** The simulation as a stage, with something in it that is otherwise. */
function stage(change: (stage: Stage) => Partial<Stage>): Stage {
  const network = simNetwork({ startsAt: Date.UTC(2026, 0, 1) });
  const whole = simStage(network, { say: nothing, colour: false }, output);
  return { ...whole, ...change(whole) };
}

const proved = async (change: (stage: Stage) => Partial<Stage>) =>
  (await tell(stage(change))).guests.map((guest) => guest.proved);

describe('tell', () => {
  it('takes nobody for proven whom the stage itself does not see under his name', async () => {
    const blind = await proved(() => ({ resolve: async () => 'ENOTFOUND' }));

    expect(blind).toEqual([false, false, false, false, false, false]);
  });

  it('takes nobody for proven who is another after the reboot', async () => {
    const forgetful = await proved((whole) => {
      let rebooted = false;
      return {
        async reboot(...given) {
          await whole.reboot(...given);
          rebooted = true;
        },
        async lease(guest) {
          const lease = await whole.lease(guest);
          const fallen = rebooted && guest.name === 'epsilon' && lease !== undefined;
          return fallen ? { ...lease, name: guest.shape } : lease;
        },
      };
    });

    expect(forgetful).toEqual([true, true, true, true, false, true]);
  });

  it('takes nobody for proven of whom Truename says otherwise', async () => {
    const refused = await proved((whole) => ({
      truename: <Report>(words: readonly string[]) =>
        whole.truename<Report>(words[1] === 'gamma' ? [...words, '--dry-run'] : words),
    }));

    expect(refused).toEqual([true, true, false, true, true, true]);
  });
});
