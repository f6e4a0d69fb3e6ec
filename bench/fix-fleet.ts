import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Figure, figure } from './figure.ts';
import type { FixScene } from './fix-scene.ts';
import { median } from './statistics.ts';

/** Twenty guests under NetworkManager. */
const fleet = Array.from({ length: 20 }, (_, index) => ({
  vmid: 640 + index,
  name: `fleet-${String(index + 1).padStart(2, '0')}`,
  template: 9014,
  tags: 'fleet',
}));

const wrong = `uuid=$(nmcli -g GENERAL.CON-UUID device show eth0)
nmcli connection modify "$uuid" ipv4.dhcp-hostname debian13-nm; nmcli device reapply eth0`;

/** What a person gives to Ansible: one raw command for all, which reads nothing back. */
const cure =
  'uuid=$(nmcli -g GENERAL.CON-UUID device show eth0); sudo nmcli connection modify uuid $uuid ipv4.dhcp-hostname {{ inventory_hostname }} && sudo nmcli device reapply eth0';

/** All twenty with a wrong lease, mended by one command of ours, proof included, and by Ansible. */
export async function benchFleet(
  scene: FixScene,
  runs: number,
  say: (line: string) => void,
): Promise<Figure[]> {
  const ansible = await scene.run(['ansible', '--version']);
  if (ansible.exitCode !== 0)
    throw new Error('fix-fleet needs Ansible: apt-get install --no-install-recommends ansible-core');
  say('starting twenty guests');
  await scene.add(fleet);
  const inventory = join(scene.lab.paths.root, 'controller/bench/inventory');
  const hosts = await Promise.all(
    fleet.map(
      async ({ vmid, name }) => `${name} ansible_host=${await scene.addressOf(vmid)} ansible_user=tappaas`,
    ),
  );
  await writeFile(inventory, `${hosts.join('\n')}\n`);
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round <= runs; round += 1) {
    await spoilAll(scene);
    const { wholeMs } = await scene.ours(['--tag', 'fleet', '--yes'], [0]);
    await mustBeRight(scene);
    const each: number[] = [];
    for (const forks of [5, 20]) {
      await spoilAll(scene);
      each.push(await byAnsible(scene, inventory, forks));
      await mustBeRight(scene);
    }
    say(`fix-fleet, round ${round}: ${[wholeMs, ...each].map((ms) => ms.toFixed(0)).join(', ')} ms`);
    if (round === 0) continue;
    ours.push(wholeMs);
    theirs.push(Math.min(...each));
  }
  return [figure('fix-fleet', { ours: median(ours), theirs: median(theirs) }, 'ms for 20 guests', runs)];
}

async function byAnsible(scene: FixScene, inventory: string, forks: number): Promise<number> {
  const began = performance.now();
  const program = ['ansible', 'all', '-i', inventory, '-f', String(forks), '-m', 'raw', '-a', cure];
  const { exitCode, stdout, stderr } = await scene.run(program, { ANSIBLE_HOST_KEY_CHECKING: 'True' });
  if (exitCode !== 0) throw new Error(`ansible ended with ${exitCode}: ${stdout.slice(-500)}${stderr}`);
  return performance.now() - began;
}

async function spoilAll(scene: FixScene): Promise<void> {
  await Promise.all(fleet.map(({ vmid }) => scene.inside(vmid, wrong)));
  await new Promise((resolve) => setTimeout(resolve, 8000));
  for (const { vmid, name } of fleet)
    if ((await scene.leaseName(vmid)) === name) throw new Error(`the lease of ${name} was to be wrong`);
}

async function mustBeRight(scene: FixScene): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 2000));
  for (const { vmid, name } of fleet) {
    const held = await scene.leaseName(vmid);
    if (held !== name) throw new Error(`the lease of ${name} bears ${held}`);
  }
}
