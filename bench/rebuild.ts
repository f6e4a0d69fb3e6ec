import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ControllerResult } from '../lab/controller.ts';
import { checkout } from '../lab/paths.ts';
import { nodeHost } from '../lab/segments.ts';
import { type Figure, figure } from './figure.ts';
import { type FixScene, openFixScene } from './fix-scene.ts';
import { median } from './statistics.ts';

const guest = { vmid: 780, name: 'theta', template: 9001 } as const;

/** Where a run's files are, and the program that takes the time inside of nixos-rebuild. */
interface Place {
  readonly scene: FixScene;
  readonly folder: string;
  /** Milliseconds of each call, a line each. */
  readonly inside: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Rebuilds one guest by turns, each time with another kernel, so that both reboot it: ours, proof included, and the
 * documented procedure. Then once more ours with nothing to do. Throws when a run ends in another way than it must.
 */
export async function benchRebuild(
  runs: number,
  say: (line: string) => void,
  print: (figure: Figure) => void,
): Promise<void> {
  const scene = await openFixScene(say);
  try {
    await scene.add([guest]);
    const place = await preparePlace(scene);
    const [ours, theirs, whole]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round <= runs; round += 1) {
      const own = await timed(place, await another(place, `${round}a`), byTruename);
      const hand = await timed(place, await another(place, `${round}b`), byHand);
      const times = [own, hand].map(
        ({ allMs, insideMs }) => `${seconds(allMs - insideMs)} of ${seconds(allMs)}`,
      );
      say(`rebuild-overhead, round ${round}: ${times.join(', ')} s${round === 0 ? ' (not counted)' : ''}`);
      if (round === 0) continue;
      ours.push(own.allMs - own.insideMs);
      theirs.push(hand.allMs - hand.insideMs);
      whole.push(own.allMs);
    }
    print(
      figure(
        'rebuild-overhead',
        { ours: median(ours), theirs: median(theirs) },
        'ms outside nixos-rebuild',
        runs,
      ),
    );
    for (const each of await again(place, runs, median(whole))) print(each);
  } finally {
    await scene.lab.down();
  }
}

const seconds = (ms: number) => (ms / 1000).toFixed(1);

async function preparePlace(scene: FixScene): Promise<Place> {
  const folder = join(scene.lab.paths.root, 'controller', 'bench');
  const bin = join(folder, 'bin');
  const inside = join(folder, 'inside');
  await mkdir(bin, { recursive: true });
  const real = join(checkout, 'lab/nix/bin/nixos-rebuild');
  const program = `#!/bin/sh
t=$(date +%s%N)
${real} "$@"
code=$?
echo $((($(date +%s%N) - t) / 1000000)) >>${inside}
exit $code
`;
  await writeFile(join(bin, 'nixos-rebuild'), program);
  await chmod(join(bin, 'nixos-rebuild'), 0o755);
  const path = `${bin}:${join(checkout, 'lab/nix/bin')}:${process.env.PATH ?? ''}`;
  return { scene, folder, inside, env: { PATH: path } };
}

/** A configuration that the guest does not run yet, with another kernel than the last one. */
async function another({ folder }: Place, round: string): Promise<string> {
  const file = join(folder, `${guest.name}.nix`);
  const kernel = round.endsWith('a') ? 'linuxPackages_latest' : 'linuxPackages';
  const plain = join(checkout, 'lab/nix/template/plain.nix');
  await writeFile(
    file,
    `{ pkgs, ... }: { imports = [ ${plain} ]; networking.hostName = "${guest.name}"; boot.kernelPackages = pkgs.${kernel}; environment.etc."round".text = "${round}"; }\n`,
  );
  return file;
}

type Run = (place: Place, file: string) => Promise<ControllerResult>;

const byTruename: Run = ({ scene, env }, file) => {
  const words = ['rebuild', guest.name, String(guest.vmid), nodeHost.name, file];
  const program = [process.execPath, join(checkout, 'dist/cli/main.js'), ...words];
  return scene.run([...program, '--build-on', 'controller', '--json'], env);
};

const byHand: Run = ({ scene, env }, file) => {
  const words = [guest.name, String(guest.vmid), nodeHost.name, file];
  const logins = { NODE_LOGIN: `root@${nodeHost.name}.mgmt.internal`, GUEST_USER: 'tappaas' };
  return scene.run([join(checkout, 'bench/rebuild-by-hand.sh'), ...words], { ...env, ...logins });
};

async function timed(place: Place, file: string, run: Run): Promise<{ allMs: number; insideMs: number }> {
  const { scene, inside } = place;
  await rm(inside, { force: true });
  const boot = await scene.inside(guest.vmid, 'cat /proc/sys/kernel/random/boot_id');
  const began = performance.now();
  const { exitCode, stdout, stderr } = await run(place, file);
  const allMs = performance.now() - began;
  if (exitCode !== 0) throw new Error(`a rebuild ended with ${exitCode}: ${stdout.slice(-1500)}${stderr}`);
  if ((await scene.inside(guest.vmid, 'cat /proc/sys/kernel/random/boot_id')) === boot)
    throw new Error('the guest was to be rebooted');
  const held = await scene.leaseName(guest.vmid);
  if (held !== guest.name) throw new Error(`the lease bears ${held}`);
  const insideMs = (await readFile(inside, 'utf8')).split('\n').reduce((sum, each) => sum + Number(each), 0);
  return { allMs, insideMs };
}

/** Nothing to do: how long it takes, and that no generation, boot or DHCP packet came of it. */
async function again(place: Place, runs: number, firstMs: number): Promise<Figure[]> {
  const { scene } = place;
  const file = await another(place, 'a');
  await timed(place, file, byTruename);
  const state = 'readlink /nix/var/nix/profiles/system; cat /proc/sys/kernel/random/boot_id';
  const before = await scene.inside(guest.vmid, state);
  await scene.inside(
    'node',
    'rm -f /tmp/dhcp; (tcpdump -i lan -n -l port 67 or port 68 >/tmp/dhcp 2>/dev/null & echo $! >/tmp/dhcp.pid); sleep 1',
  );
  const times: number[] = [];
  for (let round = 0; round < runs; round += 1) {
    const began = performance.now();
    const { exitCode, stdout } = await byTruename(place, file);
    times.push(performance.now() - began);
    if (exitCode !== 0 || !stdout.includes('runs already')) throw new Error(`something was done: ${stdout}`);
  }
  const heard = await scene.inside(
    'node',
    'sleep 1; kill "$(cat /tmp/dhcp.pid)"; grep -c . /tmp/dhcp || true',
  );
  const changed = Number((await scene.inside(guest.vmid, state)) !== before);
  return [
    figure(
      'rebuild-again',
      { ours: median(times), theirs: firstMs },
      'ms with nothing to do, against the first',
      runs,
    ),
    figure(
      'rebuild-again-touch',
      { ours: Number(heard) + changed, theirs: null },
      'packets, generations, boots',
      runs,
    ),
  ];
}
