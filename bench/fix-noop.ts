import { type Figure, figure } from './figure.ts';
import type { FixScene } from './fix-scene.ts';
import { wrongGuests } from './fix-states.ts';

const thief = { vmid: 613, name: 'delta', template: 9014 };

/**
 * A lease that is wrong although the profile is right and applied: another machine took the name, so that the server took
 * it from the guest, and then let go of it. A reapply changes nothing, and says that it succeeded.
 */
export async function benchNoop(scene: FixScene, say: (line: string) => void): Promise<Figure[]> {
  const { vmid, name } = wrongGuests['network-manager'].guest;
  await scene.add([thief]);
  const wrong: number[] = [];
  for (const cure of ['theirs', 'ours'] as const) {
    await scene.inside(
      vmid,
      `uuid=$(nmcli -g GENERAL.CON-UUID device show eth0)
nmcli connection modify "$uuid" ipv4.dhcp-hostname ${name}; nmcli device reapply eth0; sleep 1`,
    );
    await scene.inside(thief.vmid, `nmcli device modify eth0 ipv4.dhcp-hostname ${name}; sleep 1`);
    await scene.inside(thief.vmid, 'nmcli device reapply eth0; sleep 1');
    const before = await scene.leaseName(vmid);
    if (before === name) throw new Error('the lease was to have lost its name');
    if (cure === 'ours') await scene.ours([String(vmid)], [0]);
    else await scene.byHand(vmid, name);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    wrong.push((await scene.leaseName(vmid)) === name ? 0 : 1);
  }
  const [theirs = 1, ours = 1] = wrong;
  say(`fix-noop: ours leaves ${ours} wrong, the workaround ${theirs}`);
  return [figure('fix-noop', { ours, theirs }, 'leases left wrong', 1)];
}
