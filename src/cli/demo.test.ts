import { describe, expect, it } from 'vitest';
import type { DemoOptions, PlayDemo } from './demo.ts';
import { runProgram } from './program.ts';

/** Runs `truename demo` with this way to play it, or with none. */
async function demo(words: readonly string[], playDemo?: PlayDemo) {
  const text = { progress: '', result: '' };
  const output = {
    progress: (more: string) => {
      text.progress += more;
    },
    result: (more: string) => {
      text.result += more;
    },
    live: false,
    colour: false,
  };
  const exitCode = await runProgram(['demo', ...words], output, playDemo === undefined ? {} : { playDemo });
  return { exitCode, ...text };
}

describe('truename demo', () => {
  it('ends with 0 where all were proven, and with 1 where one was not', async () => {
    const played: DemoOptions[] = [];
    const play = (proven: boolean): PlayDemo => {
      return async (options, output) => {
        played.push(options);
        output.result('played\n');
        return proven;
      };
    };

    expect(await demo([], play(true))).toMatchObject({ exitCode: 0, result: 'played\n' });
    expect(await demo(['--json'], play(false))).toMatchObject({ exitCode: 1 });
    expect(played).toEqual([{}, { json: true }]);
  });

  it('says where it can be played where the program has no way to', async () => {
    const { exitCode, progress } = await demo([]);

    expect(exitCode).toBe(1);
    expect(progress).toContain('npm run demo in a checkout');
  });

  it('says in its help that it touches nothing, and how it ends', async () => {
    const { exitCode, result } = await demo(['--help']);

    expect(exitCode).toBe(0);
    expect(result.replaceAll(/\s+/g, ' ')).toContain('no machine, network or file is touched');
    expect(result).toContain('Exit codes:\n  0  Every guest was proven, twice.');
  });
});
