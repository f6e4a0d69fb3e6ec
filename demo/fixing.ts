import { setTimeout as delay } from 'node:timers/promises';
import { runInside } from '../lab/inside.ts';
import { type ReadLease, readLease } from '../lab/observe.ts';
import type { FixReport } from '../src/cli/fix-report.ts';
import { renderFix } from '../src/cli/render/fix.ts';
import { type FixedGuest, fixedGuests } from './guests.ts';
import { cloneGuest, look, type Scene, sayLease } from './scene.ts';
import { type Mended, type Reproof, secondsBetween } from './story.ts';
import { truenameReport } from './truename.ts';

/** Clones a guest of each DHCP client, and mends all of them by one command. */
export async function fixClones(scene: Scene): Promise<Mended[]> {
  scene.say('\nCloning a Debian guest of each DHCP client. They lease as their templates too:');
  const cloned = await Promise.all(fixedGuests.map((guest) => cloneSpoilt(scene, guest)));
  for (const { guest, lease } of cloned) sayLease(scene, guest, lease);
  const looks = await Promise.all(fixedGuests.map((guest) => look(scene, guest)));

  const report = await runFix(scene, ['--yes']);
  return cloned.map(({ guest, lease, seconds: clone }, index) => {
    const { outcome, seconds: fix } = reportOn(report, guest);
    const before = looks[index] as Mended['before'];
    return { guest, granted: lease.name, before, proven: outcome === 'mended', seconds: { clone, fix } };
  });
}

/** Runs the command once more, on guests that were rebooted, and without touching them: nothing may be left to do. */
export async function proveFixed(scene: Scene): Promise<Map<string, Reproof>> {
  await Promise.all(fixedGuests.map((guest) => settled(scene, guest)));
  const report = await runFix(scene, ['--dry-run']);
  const at = performance.now();
  return new Map(
    fixedGuests.map((guest) => [guest.name, { proven: reportOn(report, guest).outcome === 'right', at }]),
  );
}

/** A clone that leases as its template: by itself, or by what somebody did to the template. */
async function cloneSpoilt(scene: Scene, guest: FixedGuest) {
  const started = performance.now();
  await cloneGuest(scene, guest);
  await settled(scene, guest);
  if (guest.spoil !== undefined) await runInside(scene.lab.paths, String(guest.vmid), guest.spoil);
  const lease = await leaseAsTemplate(scene, guest);
  return { guest, lease, seconds: secondsBetween(started, performance.now()) };
}

async function leaseAsTemplate(scene: Scene, guest: FixedGuest): Promise<ReadLease> {
  const mac = await scene.cluster.mac(guest.vmid);
  const deadline = performance.now() + 20_000;
  while (performance.now() < deadline) {
    const lease = await readLease(scene.lab.firewalls[guest.segment], mac);
    if (lease?.name === guest.leasesAs) return lease;
    await delay(50);
  }
  throw new Error(`${guest.name} does not lease as ${guest.leasesAs}`);
}

/** Waits, at most a minute, until cloud-init has had its say on the name and the guest agent answers. */
async function settled(scene: Scene, { vmid }: FixedGuest): Promise<void> {
  const wait = `n=0
until systemctl is-active -q qemu-guest-agent && [ -e /run/cloud-init/result.json ]; do
  n=$((n + 1)); [ $n -lt 300 ]; sleep 0.2
done`;
  await runInside(scene.lab.paths, String(vmid), wait);
}

/** Runs `truename fix` for all of them, its progress shown, then the table that a person sees. */
async function runFix({ lab, folder, say, colour }: Scene, extra: readonly string[]): Promise<FixReport> {
  const words = ['fix', ...fixedGuests.map(({ name }) => name), ...extra];
  say(`\n$ truename ${words.join(' ')}`);
  const { report } = await truenameReport<FixReport>(lab.controller, words, { cwd: folder, show: true });
  for (const line of renderFix(report, undefined, colour)) say(line);
  if (report.error !== null) say(`  ${report.error.code}: ${report.error.message}`);
  return report;
}

function reportOn(report: FixReport, { name, vmid }: FixedGuest): FixReport['guests'][number] {
  const found = report.guests.find((each) => each.vmid === vmid);
  if (found === undefined) throw new Error(`the report says nothing of ${name}`);
  return found;
}
