import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { clusterOf } from '../lab/cluster.ts';
import { writeConfiguration } from '../lab/configuration.ts';
import type { ControllerResult } from '../lab/controller.ts';
import { runInside } from '../lab/inside.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { firstLease } from '../lab/observe.ts';
import { checkout } from '../lab/paths.ts';
import { nodeHost } from '../lab/segments.ts';

/** A lab with one guest whose lease bears the template's name, and the two ways to look at it. */
export interface DoctorScene {
  readonly lab: Lab;
  /** `truename doctor`, as it is published. */
  ours(): Promise<ControllerResult>;
  /** Ten commands that a person types for the same. */
  theirs(): Promise<ControllerResult>;
  /** The node's stand-in for `qm` doing nothing, four times: what the ten commands would not cost on a real node. */
  standIn(): Promise<ControllerResult>;
  inside(host: string, script: string): Promise<string>;
}

const guest = { template: 9014, vmid: 610, name: 'beta' };

/** Builds the package, starts a lab and sets the scene. */
export async function openDoctorScene(say: (line: string) => void): Promise<DoctorScene> {
  say('building the package');
  const built = spawnSync(process.execPath, ['--no-warnings', join(checkout, 'scripts/build.ts')], {
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(`the package could not be built: ${built.stdout}${built.stderr}`);
  say('starting a lab with one guest');
  const lab = await startLab({ say });
  const { mgmt } = lab.firewalls;
  const cluster = clusterOf(lab.paths);
  await cluster.clone(guest.template, guest.vmid, guest.name, mgmt.segment.bridge);
  const { address } = await firstLease(mgmt, await cluster.mac(guest.vmid), 90_000);
  const inside = (host: string, script: string) => runInside(lab.paths, host, script);
  await inside(String(guest.vmid), 'until [ -e /run/cloud-init/result.json ]; do sleep 0.2; done');
  const folder = join(lab.paths.root, 'controller', 'bench');
  await mkdir(folder, { recursive: true });
  await writeConfiguration(lab.paths, folder);

  const login = `tappaas@${address}`;
  // Whoever types the commands has been in the guest before.
  const known = await lab.controller.run(['ssh', '-o', 'StrictHostKeyChecking=accept-new', login, 'true']);
  if (known.exitCode !== 0) throw new Error(`nobody gets into the guest: ${known.stderr}`);
  const node = `root@${nodeHost.address}`;
  const byHand = [
    join(checkout, 'bench/doctor-by-hand.sh'),
    ...[node, String(guest.vmid), login, `root@${mgmt.segment.firewall}`, mgmt.segment.firewall],
    `${guest.name}.${mgmt.segment.domain}`,
  ];
  const truename = [process.execPath, join(checkout, 'dist/cli/main.js'), 'doctor', guest.name, '--json'];
  const idle = 'for i in 1 2 3 4; do qm help >/dev/null 2>&1 || true; done';
  return {
    lab,
    inside,
    ours: () => lab.controller.run(truename, { cwd: folder }),
    theirs: () => lab.controller.run(byHand, { cwd: folder }),
    standIn: () => lab.controller.run(['ssh', node, idle], { cwd: folder }),
  };
}
