import { describe, expect, it } from 'vitest';
import { demoContract } from '../../test/contract/demo.ts';
import { playSimulation } from './play.ts';

/** One that is played in no real time at all. */
async function play(options: { json?: true }) {
  const text = { progress: '', result: '' };
  const proven = await playSimulation(
    options,
    {
      progress: (more) => {
        text.progress += more;
      },
      result: (more) => {
        text.result += more;
      },
      live: false,
      colour: false,
    },
    { startsAt: Date.UTC(2026, 0, 1) },
  );
  return { proven, ...text };
}

const listeners = process.listenerCount('SIGINT');
const [asJson, forPeople] = [await play({ json: true }), await play({})];

demoContract('simulated', {
  world: 'sim',
  lines: () => asJson.result.trim().split('\n'),
  progress: () => asJson.progress,
});

describe('playSimulation', () => {
  it('leaves nobody behind who listens for Ctrl-C', () => {
    expect(process.listenerCount('SIGINT')).toBe(listeners);
  });

  it('says first of all what it is, and where the real parts are', () => {
    for (const told of [asJson.progress, forPeople.result]) {
      expect(told.split('\n')[0]).toMatch(/^This is a simulation: /);
      expect(told).toContain('npm run demo, as root on a Debian machine');
    }
  });

  it('tells people the story on stdout, and ends with how many were proven', () => {
    expect([asJson.proven, forPeople.proven]).toEqual([true, true]);
    expect(forPeople.result.trim().split('\n').at(-1)).toBe('proved 6 of 6');
    expect(forPeople.result).toContain("The simulation's own look, at its lease tables and resolvers:");
  });
});
