import type { SimClockOptions } from '../../sim/clock.ts';
import { simNetwork } from '../../sim/network.ts';
import type { DemoOptions } from '../../src/cli/demo.ts';
import type { Output } from '../../src/cli/output.ts';
import { tell } from '../tell.ts';
import { simStage } from './stage.ts';

/** Seconds of the simulation that pass in a real one: slow enough to read along, and over in a few seconds. */
const readableSpeed = 20;

const banner = `This is a simulation: guests, network, DHCP servers and resolvers are in the memory of this process, and gone
when it ends. What is done and printed is Truename's own; what answers it is made up, and so are its seconds.
The same on real parts: npm run demo, as root on a Debian machine, in a checkout of Truename.`;

/** Plays the demo for people; true when every guest was proven. Ctrl-C ends it at once: there is nothing to clear away. */
export async function playOnSim(options: DemoOptions, output: Output): Promise<boolean> {
  // Else the commands that are played would each take it for an interruption of theirs.
  for (const [name, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.once(name, () => process.exit(code));
  return playSimulation(options, output, { startsAt: Date.now(), speed: readableSpeed });
}

/** Plays the demo on a network in memory whose clock goes like that. */
export async function playSimulation(
  { json }: DemoOptions,
  output: Output,
  clock: SimClockOptions,
): Promise<boolean> {
  const told = json === true ? output.progress : output.result;
  const say = (line: string) => told(`${line}\n`);
  say(banner);
  const report = await tell(simStage(simNetwork(clock), { say, colour: output.colour }, output));
  if (json === true) output.result(`${JSON.stringify(report)}\n`);
  return report.proved === report.total;
}
