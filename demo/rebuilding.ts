import { renderChain } from '../src/cli/render/chain.ts';
import type { RebuildReport } from '../src/cli/report.ts';
import type { NameChain } from '../src/domain/chain.ts';
import { configurationOf, type RebuiltGuest, rebuiltGuests } from './guests.ts';
import { look, sayLease } from './looking.ts';
import type { Stage } from './stage.ts';
import { type Mended, type Reproof, secondsBetween } from './story.ts';

/** Clones the NixOS templates and rebuilds each clone into itself. */
export async function rebuildClones(stage: Stage): Promise<Mended[]> {
  const { say, elapsed } = stage;
  say('\nCloning the templates. Whatever cloud-init tells them, they lease as the template:');
  const cloned = new Map<string, { readonly granted: string; readonly seconds: number }>();
  for (const guest of rebuiltGuests) {
    const started = elapsed();
    const lease = await stage.clone(guest);
    sayLease(stage, guest, lease);
    cloned.set(guest.name, { granted: lease.name, seconds: secondsBetween(started, elapsed()) });
  }
  say(
    'Two leases of one segment cannot share a name: dnsmasq gives it to whoever asked last, the other shows *.',
  );

  const mended: Mended[] = [];
  for (const guest of rebuiltGuests) {
    const before = await look(stage, guest);
    say(`\n$ truename rebuild ${guest.name} ${guest.vmid} ${stage.node} ./${guest.name}.nix`);
    const report = await runRebuild(stage, guest);
    show(stage, 'before', report.before);
    show(stage, 'after', report.after);
    if (report.error !== null) say(`  ${report.error.code}: ${report.error.message}`);
    const { granted, seconds: clone } = cloned.get(guest.name) ?? { granted: before.lease, seconds: 0 };
    const steps = Object.fromEntries(report.steps.map(({ step, seconds }) => [step, seconds]));
    const proven = report.outcome === 'proven';
    mended.push({ guest, granted, before, proven, seconds: { clone, ...steps } });
  }
  return mended;
}

/** Reads everything anew of the guests that were rebuilt; changes nothing. */
export async function proveRebuilt(stage: Stage): Promise<Map<string, Reproof>> {
  const proofs = new Map<string, Reproof>();
  for (const guest of rebuiltGuests) {
    const { proof, after } = await runRebuild(stage, guest, ['--dry-run']);
    proofs.set(guest.name, { proven: proof?.proven === true, at: stage.elapsed() });
    show(stage, `${guest.name} after the reboot`, after);
  }
  return proofs;
}

/** Runs `truename rebuild` for a guest, its progress shown. */
async function runRebuild(
  stage: Stage,
  guest: RebuiltGuest,
  extra: readonly string[] = [],
): Promise<RebuildReport> {
  const file = await stage.write(`${guest.name}.nix`, configurationOf(guest));
  return stage.truename<RebuildReport>([
    'rebuild',
    guest.name,
    String(guest.vmid),
    stage.node,
    file,
    ...extra,
  ]);
}

function show({ say, colour }: Stage, title: string, chain: NameChain | null): void {
  if (chain === null) return;
  say(`${title}:`);
  for (const line of renderChain(chain, { colour })) say(line);
}
