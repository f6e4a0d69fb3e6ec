import { whyNoLab } from '../scripts/set-up/lab-obstacle.mjs';
import { standardOutput } from '../src/cli/output.ts';

/** `npm run demo`: on real parts where the lab can run, else on the simulation. */
async function main(args: readonly string[]): Promise<boolean> {
  const json = args.includes('--json');
  const unknown = args.find((each) => !['--json', '--sim'].includes(each));
  if (unknown !== undefined) throw new Error(`npm run demo knows --json and --sim, and no ${unknown}.`);
  const output = standardOutput();
  const say = (line: string) => (json ? output.progress : output.result)(`${line}\n`);
  const obstacle = args.includes('--sim') ? undefined : whyNoLab();
  if (args.includes('--sim') || obstacle !== undefined) {
    if (obstacle !== undefined)
      say(`The lab cannot run here, so the demo is played on a simulation. ${obstacle}\n`);
    const { playOnSim } = await import('./on-sim/play.ts');
    return playOnSim(json ? { json } : {}, output);
  }
  const { playOnLab } = await import('./on-lab/play.ts');
  const report = await playOnLab({ say, colour: output.colour });
  if (json) output.result(`${JSON.stringify(report)}\n`);
  return report.proved === report.total;
}

try {
  process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
