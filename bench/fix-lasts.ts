import { type Figure, figure } from './figure.ts';
import type { FixScene } from './fix-scene.ts';

const shapes = [
  { vmid: 620, name: 'lena', template: 9000 },
  { vmid: 621, name: 'mark', template: 9001 },
  { vmid: 622, name: 'nora', template: 9002 },
] as const;

/**
 * The three shapes of a NixOS template's profile, mended and rebooted: a surprise is a name that is wrong after the boot
 * and was not announced as passing. By hand nothing is announced.
 */
export async function benchLasting(scene: FixScene, say: (line: string) => void): Promise<Figure[]> {
  await scene.add(shapes);
  let ours = 0;
  for (const { vmid, name } of shapes) {
    const { exitCode } = await scene.ours([String(vmid)], [0, 3]);
    await reboot(scene, vmid);
    const after = await scene.leaseName(vmid);
    say(`fix-lasts, ${name}: ended with ${exitCode}, after the boot ${after}`);
    if (after !== name && exitCode === 0) ours += 1;
  }
  let theirs = 0;
  const again = shapes.map((each) => ({ ...each, vmid: each.vmid + 10, name: `${each.name}2` }));
  await scene.add(again);
  for (const { vmid, name } of again) {
    await scene.byHand(vmid, name);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const mended = (await scene.leaseName(vmid)) === name;
    await reboot(scene, vmid);
    const after = await scene.leaseName(vmid);
    say(`fix-lasts by hand, ${name}: ${mended ? 'mended' : 'not mended'}, after the boot ${after}`);
    if (mended && after !== name) theirs += 1;
  }
  return [figure('fix-lasts', { ours, theirs }, 'surprises after a boot', 1)];
}

async function reboot({ cluster, inside }: FixScene, vmid: number): Promise<void> {
  await cluster.power(vmid, 'reboot');
  await new Promise((resolve) => setTimeout(resolve, 8000));
  await inside(vmid, 'until ip -4 addr show dev eth0 | grep -q "inet 10"; do sleep 0.2; done; sleep 2');
}
