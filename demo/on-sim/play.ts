import { simNetwork } from '../../sim/network.ts';
import type { DemoOptions } from '../../src/cli/demo.ts';
import type { Output } from '../../src/cli/output.ts';
import type { DemoReport } from '../story.ts';
import { tell } from '../tell.ts';
import { simStage } from './stage.ts';

/** Seconds of the simulation that pass in a real one: slow enough to read along, and over in a few seconds. */
const speed = 20;

const banner = `This is a simulation: guests, network, DHCP servers and resolvers are in the memory of this process, and gone
when it ends. What is done and printed is Truename's own; what answers it is made up, its seconds too.
The same on real parts, as root on a Debian machine, in a checkout of Truename: npm run demo`;

/** Plays the demo on a network in memory; true when every guest was proven. */
export async function playOnSim({ json }: DemoOptions, output: Output): Promise<boolean> {
  // Nothing has to be cleared away; the commands that are played would take it for an interruption of theirs.
  for (const [name, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.once(name, () => process.exit(code));
  const told = json === true ? output.progress : output.result;
  const report = await playOn(output, (line) => told(`${line}\n`));
  if (json === true) output.result(`${JSON.stringify(report)}\n`);
  return report.proved === report.total;
}

async function playOn(output: Output, say: (line: string) => void): Promise<DemoReport> {
  say(banner);
  const network = simNetwork({ startsAt: Date.now(), speed });
  return tell(simStage(network, { say, colour: output.colour }, output));
}
