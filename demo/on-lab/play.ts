import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { clusterOf } from '../../lab/cluster.ts';
import { writeConfiguration } from '../../lab/configuration.ts';
import { startLab } from '../../lab/lab.ts';
import type { Stage } from '../stage.ts';
import type { DemoReport } from '../story.ts';
import { tell } from '../tell.ts';
import { labStage } from './stage.ts';

/** Plays the demo on real parts: starts a lab, and takes it down however it ends. */
export async function playOnLab(told: Pick<Stage, 'say' | 'colour'>): Promise<DemoReport> {
  told.say('Starting a lab: two segments with a firewall each, a Proxmox facade, templates.');
  const lab = await startLab({ say: (line) => told.say(`  ${line}`) });
  const stop = (signal: NodeJS.Signals) => void lab.down().finally(() => process.kill(process.pid, signal));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const folder = join(lab.paths.root, 'controller/work');
    await mkdir(folder);
    await writeConfiguration(lab.paths, folder);
    return await tell(labStage({ lab, cluster: clusterOf(lab.paths), folder }, told));
  } finally {
    await lab.down();
  }
}
