import { type Figure, figure } from './figure.ts';
import { benchFleet } from './fix-fleet.ts';
import { benchLasting } from './fix-lasts.ts';
import { benchLoss } from './fix-loss.ts';
import { benchNoop } from './fix-noop.ts';
import { type FixScene, openFixScene } from './fix-scene.ts';
import { spoil, wrongGuests } from './fix-states.ts';
import { median } from './statistics.ts';

type Part = (scene: FixScene, runs: number, say: (line: string) => void) => Promise<Figure[]>;

/** The figures by name, in the order in which they are taken. */
export const fixParts: Readonly<Record<string, Part>> = {
  one: benchOne,
  loss: (scene, _runs, say) => benchLoss(scene, say),
  noop: (scene, _runs, say) => benchNoop(scene, say),
  lasts: (scene, _runs, say) => benchLasting(scene, say),
  fleet: benchFleet,
};

/** Mends guests by turns, ours and theirs, in one lab; throws when a run ends in another way than it must. */
export async function benchFix(
  runs: number,
  parts: readonly string[],
  say: (line: string) => void,
  print: (figure: Figure) => void,
): Promise<void> {
  const scene = await openFixScene(say);
  try {
    await scene.add(Object.values(wrongGuests).map(({ guest }) => guest));
    // networkd asked before cloud-init had read its name.
    await scene.ours(['611'], [0]);
    for (const [part, bench] of Object.entries(fixParts)) {
      if (parts.length > 0 && !parts.includes(part)) continue;
      for (const each of await bench(scene, runs, say)) print(each);
    }
  } finally {
    await scene.lab.down();
  }
}

/** One guest under NetworkManager with a stale name in its profile, by turns. */
async function benchOne(scene: FixScene, runs: number, say: (line: string) => void): Promise<Figure[]> {
  const { vmid, name } = wrongGuests['network-manager'].guest;
  const [lease, whole, theirs]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round <= runs; round += 1) {
    await spoil(scene, 'network-manager');
    const ours = await scene.ours([String(vmid)], [0]);
    if (ours.leaseMs === undefined) throw new Error('no lease was read under the right name');
    await spoil(scene, 'network-manager');
    const began = performance.now();
    const { exitCode, stderr } = await scene.byHand(vmid, name);
    const handMs = performance.now() - began;
    if (exitCode !== 0) throw new Error(`the workaround ended with ${exitCode}: ${stderr}`);
    const times = [ours.leaseMs, ours.wholeMs, handMs].map((ms) => ms.toFixed(0)).join(', ');
    say(`fix-one, round ${round}: ${times} ms${round === 0 ? ' (not counted)' : ''}`);
    if (round === 0) continue;
    lease.push(ours.leaseMs);
    whole.push(ours.wholeMs);
    theirs.push(handMs);
  }
  return [
    figure('fix-one', { ours: median(lease), theirs: median(theirs) }, 'ms to the lease on the server', runs),
    figure('fix-one-whole', { ours: median(whole), theirs: median(theirs) }, 'ms, DNS included', runs),
  ];
}
