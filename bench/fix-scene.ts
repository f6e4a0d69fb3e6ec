import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { clusterOf, type LabCluster } from '../lab/cluster.ts';
import { writeConfiguration } from '../lab/configuration.ts';
import type { ControllerResult } from '../lab/controller.ts';
import { runInside } from '../lab/inside.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { firstLease } from '../lab/observe.ts';
import { checkout } from '../lab/paths.ts';

/** A clone of a template in `mgmt`. */
export interface BenchGuest {
  readonly vmid: number;
  readonly name: string;
  readonly template: number;
  readonly tags?: string;
}

/** A lab, and the ways to mend a guest in it. */
export interface FixScene {
  readonly lab: Lab;
  readonly cluster: LabCluster;
  /** Clones, starts, and waits until all have booted and their ssh servers are known. */
  add(guests: readonly BenchGuest[]): Promise<void>;
  /** Name in the server's own lease file. */
  leaseName(vmid: number): Promise<string>;
  addressOf(vmid: number): Promise<string>;
  /** `truename fix` as it is published; throws when it ends in another way than allowed. */
  ours(args: readonly string[], endings: readonly number[]): Promise<OursRun>;
  /** The documented workaround, one guest. */
  byHand(vmid: number, name: string): Promise<ControllerResult>;
  run(program: readonly string[], env?: Readonly<Record<string, string>>): Promise<ControllerResult>;
  inside(host: string | number, script: string): Promise<string>;
}

/** How long a run took, in milliseconds from the start of its command. */
export interface OursRun {
  readonly wholeMs: number;
  /** Until the lease on the server was read under the guest's own name; undefined where no lease was renewed. */
  readonly leaseMs: number | undefined;
  readonly exitCode: number;
}

const sshOptions = '-o BatchMode=yes';

/** Builds the package and starts a lab. */
export async function openFixScene(say: (line: string) => void): Promise<FixScene> {
  say('building the package');
  const built = spawnSync(process.execPath, ['--no-warnings', join(checkout, 'scripts/build.ts')], {
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(`the package could not be built: ${built.stdout}${built.stderr}`);
  say('starting a lab');
  const lab = await startLab({ say });
  const cluster = clusterOf(lab.paths);
  const { mgmt } = lab.firewalls;
  const folder = join(lab.paths.root, 'controller', 'bench');
  await mkdir(folder, { recursive: true });
  await writeConfiguration(lab.paths, folder);
  const inside = (host: string | number, script: string) => runInside(lab.paths, String(host), script);
  const lease = async (vmid: number) => {
    // The server rewrites its file in place, so that a line may be missing for a moment.
    return firstLease(mgmt, await cluster.mac(vmid), 5000);
  };
  const run = (program: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    lab.controller.run(program, { cwd: folder, env });
  const scene: FixScene = {
    lab,
    cluster,
    inside,
    run,
    leaseName: async (vmid) => (await lease(vmid)).name,
    addressOf: async (vmid) => (await lease(vmid)).address,
    async add(guests) {
      for (const { template, vmid, name, tags } of guests)
        await cluster.clone(template, vmid, name, mgmt.segment.bridge, tags === undefined ? {} : { tags });
      for (const { vmid } of guests) {
        const { address } = await firstLease(mgmt, await cluster.mac(vmid), 120_000);
        await inside(vmid, 'until [ -e /run/cloud-init/result.json ]; do sleep 0.2; done');
        await getIn(run, `tappaas@${address}`);
      }
    },
    ours: (args, endings) => timed(lab, folder, args, endings),
    byHand: async (vmid, name) =>
      run([join(checkout, 'bench/fix-by-hand.sh'), `tappaas@${(await lease(vmid)).address}`, name], {
        SSH_OPTIONS: sshOptions,
      }),
  };
  return scene;
}

/** Whoever mends by hand has been in the guest before; a client may probe its address for some seconds first. */
async function getIn(run: FixScene['run'], login: string): Promise<void> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const { exitCode, stderr } = await run(['ssh', '-o', 'StrictHostKeyChecking=accept-new', login, 'true']);
    if (exitCode === 0) return;
    if (performance.now() > deadline) throw new Error(`nobody gets in as ${login}: ${stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function timed(
  lab: Lab,
  folder: string,
  args: readonly string[],
  endings: readonly number[],
): Promise<OursRun> {
  const program = [
    process.execPath,
    join(checkout, 'dist/cli/main.js'),
    'fix',
    ...args,
    '--events',
    '--json',
  ];
  const began = performance.now();
  const child = await lab.controller.start(program, { cwd: folder });
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('a child without pipes');
  let leaseMs: number | undefined;
  let printed = '';
  stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const reading = (async () => {
    for await (const line of createInterface({ input: stderr })) {
      if (!line.includes('"type":"lease-read"')) continue;
      const { guest, lease } = JSON.parse(line) as { guest: { name: string }; lease: string | null };
      if (lease === guest.name) leaseMs ??= performance.now() - began;
    }
  })();
  await Promise.all([once(child, 'close'), reading]);
  const wholeMs = performance.now() - began;
  const exitCode = child.exitCode ?? 255;
  if (!endings.includes(exitCode)) throw new Error(`truename fix ended with ${exitCode}: ${printed}`);
  return { wholeMs, leaseMs, exitCode };
}
