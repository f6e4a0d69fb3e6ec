import type { ControllerResult } from '../lab/controller.ts';
import { openDoctorScene } from './doctor-scene.ts';
import { touchOf } from './doctor-touch.ts';
import { type Figure, figure } from './figure.ts';
import { median } from './statistics.ts';

/** Looks at one guest by turns, ours and by hand, in one lab; throws when a look fails. */
export async function benchDoctor(runs: number, say: (line: string) => void): Promise<Figure[]> {
  const scene = await openDoctorScene(say);
  try {
    const [ours, theirs, standIn]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round <= runs; round += 1) {
      const times = [
        await timeOf('truename doctor', scene.ours, [0, 1]),
        await timeOf('the ten commands', scene.theirs, [0]),
        await timeOf('the stand-in of qm', scene.standIn, [0]),
      ] as const;
      say(
        `round ${round}: ${times.map((ms) => ms.toFixed(0)).join(', ')} ms${round === 0 ? ' (not counted)' : ''}`,
      );
      if (round === 0) continue;
      ours.push(times[0]);
      theirs.push(times[1]);
      standIn.push(times[2]);
    }
    say('counting what each leaves behind');
    const touch = await touchOf(scene, scene.ours);
    const handTouch = await touchOf(scene, scene.theirs);
    say(`ours ${JSON.stringify(touch)}, theirs ${JSON.stringify(handTouch)}`);
    return [
      figure('doctor-one', { ours: median(ours), theirs: median(theirs) }, 'ms', runs),
      figure(
        'doctor-one-without-stand-in',
        { ours: median(ours), theirs: median(theirs) - median(standIn) },
        'ms',
        runs,
      ),
      figure('doctor-touch', { ours: sum(touch), theirs: sum(handTouch) }, 'packets, files and processes', 1),
    ];
  } finally {
    await scene.lab.down();
  }
}

async function timeOf(
  name: string,
  run: () => Promise<ControllerResult>,
  endings: readonly number[],
): Promise<number> {
  const start = performance.now();
  const { exitCode, stderr, stdout } = await run();
  const ms = performance.now() - start;
  if (!endings.includes(exitCode))
    throw new Error(`${name} ended with ${exitCode}: ${stderr}${stdout.slice(0, 500)}`);
  return ms;
}

function sum(touch: object): number {
  return Object.values(touch).reduce((total: number, each: number) => total + each, 0);
}
