import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { clusterOf } from '../lab/cluster.ts';
import { writeConfiguration } from '../lab/configuration.ts';
import { startLab } from '../lab/lab.ts';
import { fixClones, proveFixed } from './fixing.ts';
import { proveRebuilt, rebuildClones } from './rebuilding.ts';
import { type Look, lookAtAll, rebootAll, type Scene } from './scene.ts';
import { type GuestStory, type Reproof, storyOf } from './story.ts';

/** `npm run demo`: the main jobs on real parts, from the clone to the proof after a reboot. */
async function main(json: boolean): Promise<boolean> {
  const say = (line: string) => void (json ? process.stderr : process.stdout).write(`${line}\n`);
  say('Starting a lab: two segments with a firewall each, a Proxmox facade, templates.');
  const lab = await startLab({ say: (line) => say(`  ${line}`) });
  const stop = (signal: NodeJS.Signals) => void lab.down().finally(() => process.kill(process.pid, signal));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const folder = join(lab.paths.root, 'controller/work');
    await mkdir(folder);
    await writeConfiguration(lab.paths, folder);
    const colour = process.stdout.isTTY === true && !process.env.NO_COLOR;
    const stories = await tell({ lab, cluster: clusterOf(lab.paths), folder, say, colour });
    const proved = stories.filter((story) => story.proved).length;
    say(`proved ${proved} of ${stories.length}`);
    if (json) process.stdout.write(`${JSON.stringify({ proved, total: stories.length, guests: stories })}\n`);
    return proved === stories.length;
  } finally {
    await lab.down();
  }
}

async function tell(scene: Scene): Promise<GuestStory[]> {
  const mended = [...(await rebuildClones(scene)), ...(await fixClones(scene))];
  const guests = mended.map(({ guest }) => guest);
  const after = await lookAtAll(scene, guests);

  scene.say('\nRebooting all of them, and reading everything anew:');
  const from = performance.now();
  await rebootAll(scene, guests);
  const reproofs = new Map([...(await proveRebuilt(scene)), ...(await proveFixed(scene))]);
  const last = await lookAtAll(scene, guests);

  return mended.map((each) => {
    const { name } = each.guest;
    const rebooted = { look: last.get(name) as Look, reproof: reproofs.get(name) as Reproof, from };
    return storyOf(each, after.get(name) as Look, rebooted);
  });
}

try {
  process.exitCode = (await main(process.argv.includes('--json'))) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
