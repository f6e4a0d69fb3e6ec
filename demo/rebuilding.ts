import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeHost } from '../lab/segments.ts';
import { renderChain } from '../src/cli/render/chain.ts';
import type { RebuildReport } from '../src/cli/report.ts';
import type { NameChain } from '../src/domain/chain.ts';
import { configurationOf, type RebuiltGuest, rebuiltGuests } from './guests.ts';
import { cloneGuest, look, type Scene, sayLease } from './scene.ts';
import { type Mended, type Reproof, secondsBetween } from './story.ts';
import { truenameReport } from './truename.ts';

/** Clones the NixOS templates and rebuilds each clone into itself. */
export async function rebuildClones(scene: Scene): Promise<Mended[]> {
  const { say } = scene;
  say('\nCloning the templates. Whatever cloud-init tells them, they lease as the template:');
  const cloned = new Map<string, { readonly granted: string; readonly seconds: number }>();
  for (const guest of rebuiltGuests) {
    const started = performance.now();
    const lease = await cloneGuest(scene, guest);
    sayLease(scene, guest, lease);
    cloned.set(guest.name, { granted: lease.name, seconds: secondsBetween(started, performance.now()) });
  }
  say(
    'Two leases of one segment cannot share a name: dnsmasq gives it to whoever asked last, the other shows *.',
  );

  const mended: Mended[] = [];
  for (const guest of rebuiltGuests) {
    const before = await look(scene, guest);
    say(`\n$ truename rebuild ${guest.name} ${guest.vmid} ${nodeHost.name} ./${guest.name}.nix`);
    const report = await runRebuild(scene, guest);
    show(scene, 'before', report.before);
    show(scene, 'after', report.after);
    if (report.error !== null) say(`  ${report.error.code}: ${report.error.message}`);
    const { granted, seconds: clone } = cloned.get(guest.name) ?? { granted: before.lease, seconds: 0 };
    const steps = Object.fromEntries(report.steps.map(({ step, seconds }) => [step, seconds]));
    const proven = report.outcome === 'proven';
    mended.push({ guest, granted, before, proven, seconds: { clone, ...steps } });
  }
  return mended;
}

/** Reads everything anew of the guests that were rebuilt; changes nothing. */
export async function proveRebuilt(scene: Scene): Promise<Map<string, Reproof>> {
  const proofs = new Map<string, Reproof>();
  for (const guest of rebuiltGuests) {
    const { proof, after } = await runRebuild(scene, guest, ['--dry-run']);
    proofs.set(guest.name, { proven: proof?.proven === true, at: performance.now() });
    show(scene, `${guest.name} after the reboot`, after);
  }
  return proofs;
}

/** Runs `truename rebuild` for a guest, its progress shown. */
async function runRebuild(
  { lab, folder }: Scene,
  guest: RebuiltGuest,
  extra: readonly string[] = [],
): Promise<RebuildReport> {
  const file = join(folder, `${guest.name}.nix`);
  await writeFile(file, configurationOf(guest));
  const args = ['rebuild', guest.name, String(guest.vmid), nodeHost.name, file, ...extra];
  return (await truenameReport(lab.controller, args, { cwd: folder, show: true })).report;
}

function show({ say, colour }: Scene, title: string, chain: NameChain | null): void {
  if (chain === null) return;
  say(`${title}:`);
  for (const line of renderChain(chain, { colour })) say(line);
}
