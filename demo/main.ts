import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clusterOf } from '../lab/cluster.ts';
import { writeConfiguration } from '../lab/configuration.ts';
import { startLab } from '../lab/lab.ts';
import { renderChain } from '../src/cli/render/chain.ts';
import type { RebuildReport } from '../src/cli/report.ts';
import type { NameChain } from '../src/domain/chain.ts';
import { configurationOf, type DemoGuest, demoGuests } from './guests.ts';
import { cloneGuest, type GuestStory, look, rebootAll, runRebuild, type Scene } from './scene.ts';

/** `npm run demo`: the main job on real parts, from the clone to the proof after a reboot. */
async function main(json: boolean): Promise<boolean> {
  const say = (line: string) => void (json ? process.stderr : process.stdout).write(`${line}\n`);
  say('Starting a lab: two segments with a firewall each, a Proxmox facade, three templates.');
  const lab = await startLab({ say: (line) => say(`  ${line}`) });
  const stop = (signal: NodeJS.Signals) => void lab.down().finally(() => process.kill(process.pid, signal));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const folder = join(lab.paths.root, 'controller/work');
    await mkdir(folder);
    await writeConfiguration(lab.paths, folder);
    for (const guest of demoGuests)
      await writeFile(join(folder, `${guest.name}.nix`), configurationOf(guest));
    const stories = await tell({ lab, cluster: clusterOf(lab.paths), folder, say });
    const proved = stories.filter((story) => story.proved).length;
    say(`proved ${proved} of ${stories.length}`);
    if (json) process.stdout.write(`${JSON.stringify({ proved, total: stories.length, guests: stories })}\n`);
    return proved === stories.length;
  } finally {
    await lab.down();
  }
}

async function tell(scene: Scene): Promise<GuestStory[]> {
  const { say } = scene;
  say('\nCloning the templates. Whatever cloud-init tells them, they lease as the template:');
  const granted = new Map<string, string>();
  const seconds = new Map<string, Record<string, number>>(demoGuests.map(({ name }) => [name, {}]));
  for (const guest of demoGuests) {
    await timed(seconds, guest, 'clone', async () => granted.set(guest.name, await cloneGuest(scene, guest)));
  }
  say(
    'Two leases of one segment cannot share a name: dnsmasq gives it to whoever asked last, the other shows *.',
  );

  const before = new Map<string, Awaited<ReturnType<typeof look>>>();
  const reports = new Map<string, RebuildReport>();
  for (const guest of demoGuests) {
    before.set(guest.name, await look(scene, guest));
    say(`\n$ truename rebuild ${guest.name} ${guest.vmid} tappaas1 ./${guest.name}.nix`);
    const report = await runRebuild(scene, guest);
    reports.set(guest.name, report);
    show(say, 'before', report.before);
    show(say, 'after', report.after);
    if (report.error !== null) say(`  ${report.error.code}: ${report.error.message}`);
    for (const step of report.steps)
      (seconds.get(guest.name) as Record<string, number>)[step.step] = step.seconds;
  }
  const after = await lookAtAll(scene);

  say('\nRebooting all three, and reading everything anew:');
  const rebooting = performance.now();
  await rebootAll(scene, demoGuests);
  const again = new Map<string, RebuildReport>();
  for (const guest of demoGuests) {
    const report = await runRebuild(scene, guest, ['--dry-run']);
    again.set(guest.name, report);
    (seconds.get(guest.name) as Record<string, number>)['reboot and proof'] = since(rebooting);
    show(say, `${guest.name} after the reboot`, report.after);
  }
  const last = await lookAtAll(scene);

  return demoGuests.map((guest) => {
    const { name, vmid, segment, shape } = guest;
    const [first, then, now] = [before, after, last].map(
      (looks) => looks.get(name) as Awaited<ReturnType<typeof look>>,
    ) as [Look, Look, Look];
    const proven = reports.get(name)?.outcome === 'proven' && again.get(name)?.proof?.proven === true;
    return {
      name,
      vmid,
      segment,
      shape,
      // The product's word and the lab's own look must agree, both times.
      proved: proven && then.agrees && now.agrees,
      lease: { before: granted.get(name) ?? first.lease, after: then.lease, afterReboot: now.lease },
      dns: { before: first.dns, after: then.dns, afterReboot: now.dns },
      seconds: seconds.get(name) ?? {},
    };
  });
}

type Look = Awaited<ReturnType<typeof look>>;

async function lookAtAll(scene: Scene): Promise<Map<string, Look>> {
  const looks = new Map<string, Look>();
  for (const guest of demoGuests) looks.set(guest.name, await look(scene, guest));
  return looks;
}

async function timed(
  seconds: Map<string, Record<string, number>>,
  guest: DemoGuest,
  step: string,
  work: () => Promise<unknown>,
): Promise<void> {
  const started = performance.now();
  await work();
  (seconds.get(guest.name) as Record<string, number>)[step] = since(started);
}

function since(started: number): number {
  return Math.round(performance.now() - started) / 1000;
}

function show(say: (line: string) => void, title: string, chain: NameChain | null): void {
  if (chain === null) return;
  say(`${title}:`);
  for (const line of renderChain(chain, process.stdout.isTTY === true && !process.env.NO_COLOR)) say(line);
}

try {
  process.exitCode = (await main(process.argv.includes('--json'))) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
