import { fixClones, proveFixed } from './fixing.ts';
import { type Look, lookAtAll } from './looking.ts';
import { proveRebuilt, rebuildClones } from './rebuilding.ts';
import type { Stage } from './stage.ts';
import { type DemoReport, demoReport, type GuestStory, type Reproof, storyOf } from './story.ts';

/** Plays the main jobs on a stage, from the clone to the proof after a reboot, and says how many guests were proven. */
export async function tell(stage: Stage): Promise<DemoReport> {
  const report = demoReport(stage.world, await play(stage));
  stage.say(`proved ${report.proved} of ${report.total}`);
  return report;
}

async function play(stage: Stage): Promise<GuestStory[]> {
  const mended = [...(await rebuildClones(stage)), ...(await fixClones(stage))];
  const guests = mended.map(({ guest }) => guest);
  const after = await lookAtAll(stage, guests);

  stage.say('\nRebooting all of them, and reading everything anew:');
  const from = stage.elapsed();
  await stage.reboot(guests, ({ name }) => stage.say(`  ${name} has booted again`));
  const reproofs = new Map([...(await proveRebuilt(stage)), ...(await proveFixed(stage))]);
  const last = await lookAtAll(stage, guests);

  return mended.map((each) => {
    const { name } = each.guest;
    const rebooted = { look: last.get(name) as Look, reproof: reproofs.get(name) as Reproof, from };
    return storyOf(each, after.get(name) as Look, rebooted);
  });
}
