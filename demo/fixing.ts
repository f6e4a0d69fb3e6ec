import type { FixReport } from '../src/cli/fix-report.ts';
import { renderFix } from '../src/cli/render/fix.ts';
import { type FixedGuest, fixedGuests } from './guests.ts';
import { look, sayLease } from './looking.ts';
import type { Stage, StageLease } from './stage.ts';
import { type Mended, type Reproof, secondsBetween } from './story.ts';

/** Clones a guest of each DHCP client, and mends all of them by one command. */
export async function fixClones(stage: Stage): Promise<Mended[]> {
  stage.say('\nCloning a Debian guest of each DHCP client. They lease as their templates too:');
  const cloned = await Promise.all(fixedGuests.map((guest) => cloneSpoilt(stage, guest)));
  for (const { guest, lease } of cloned) sayLease(stage, guest, lease);
  const looks = await Promise.all(fixedGuests.map((guest) => look(stage, guest)));

  const report = await runFix(stage, ['--yes']);
  return cloned.map(({ guest, lease, seconds: clone }, index) => {
    const { outcome, seconds: fix } = reportOn(report, guest);
    const before = looks[index] as Mended['before'];
    return { guest, granted: lease.name, before, proven: outcome === 'mended', seconds: { clone, fix } };
  });
}

/** Runs the command once more, on guests that were rebooted, and without touching them: nothing may be left to do. */
export async function proveFixed(stage: Stage): Promise<Map<string, Reproof>> {
  await Promise.all(fixedGuests.map((guest) => stage.settled(guest)));
  const report = await runFix(stage, ['--dry-run']);
  const at = stage.elapsed();
  return new Map(
    fixedGuests.map((guest) => [guest.name, { proven: reportOn(report, guest).outcome === 'right', at }]),
  );
}

/** A clone that leases as its template: by itself, or by what somebody did to the template. */
async function cloneSpoilt(stage: Stage, guest: FixedGuest) {
  const started = stage.elapsed();
  await stage.clone(guest);
  await stage.settled(guest);
  await stage.spoil(guest);
  const lease = await leaseAsTemplate(stage, guest);
  return { guest, lease, seconds: secondsBetween(started, stage.elapsed()) };
}

async function leaseAsTemplate(stage: Stage, guest: FixedGuest): Promise<StageLease> {
  const deadline = stage.elapsed() + 20_000;
  while (stage.elapsed() < deadline) {
    const lease = await stage.lease(guest);
    if (lease?.name === guest.leasesAs) return lease;
    await stage.sleep(50);
  }
  throw new Error(`${guest.name} does not lease as ${guest.leasesAs}`);
}

/** Runs `truename fix` for all of them, its progress shown, then the table that a person sees. */
async function runFix({ say, colour, truename }: Stage, extra: readonly string[]): Promise<FixReport> {
  const words = ['fix', ...fixedGuests.map(({ name }) => name), ...extra];
  say(`\n$ truename ${words.join(' ')}`);
  const report = await truename<FixReport>(words);
  for (const line of renderFix(report, undefined, colour)) say(line);
  if (report.error !== null) say(`  ${report.error.code}: ${report.error.message}`);
  return report;
}

function reportOn(report: FixReport, { name, vmid }: FixedGuest): FixReport['guests'][number] {
  const found = report.guests.find((each) => each.vmid === vmid);
  if (found === undefined) throw new Error(`the report says nothing of ${name}`);
  return found;
}
