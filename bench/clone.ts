import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { truename } from '../demo/truename.ts';
import { clusterOf } from '../lab/cluster.ts';
import { writeConfiguration } from '../lab/configuration.ts';
import { hostsFolder } from '../lab/firewall.ts';
import { runInside } from '../lab/inside.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { firstLease } from '../lab/observe.ts';
import type { CloneReport } from '../src/cli/clone-report.ts';
import { type Figure, figure } from './figure.ts';
import { grantedNames } from './granted-names.ts';

/** The one that people know, and that says its own name in each DISCOVER. */
const template = 9000;
const count = 20;
const pattern = (who: string, index: number) => `${who}-${String(index).padStart(2, '0')}`;
const captured = '/tmp/bench.pcap';

/**
 * Twenty clones of one template in the lab, with every DHCP packet on their bridge captured: made by Truename, and as the
 * product documents it (clone under a name, put on a bridge, start). Prints each figure as soon as it is known.
 */
export async function benchClone(
  say: (line: string) => void,
  print: (figure: Figure) => void,
): Promise<void> {
  say('starting a lab');
  const lab = await startLab({ say });
  try {
    const folder = join(lab.paths.root, 'controller', 'bench');
    await mkdir(folder, { recursive: true });
    await writeConfiguration(lab.paths, folder, { token: 'maker' });
    say(`${count} clones by truename clone`);
    const ours = await byTruename(lab, folder);
    say(`${count} clones as documented`);
    const theirs = await asDocumented(lab);
    print(
      figure(
        'clone-wrong-leases',
        { ours: ours.wrong, theirs },
        'clones granted a lease under another name',
        count,
      ),
    );
    print(figure('clone-writes', { ours: ours.writes, theirs: null }, 'writes at the DHCP server', count));
  } finally {
    await lab.down();
  }
}

/** How many were granted a lease under another name, and how often the server's file was replaced meanwhile. */
async function byTruename(
  lab: Lab,
  folder: string,
): Promise<{ readonly wrong: number; readonly writes: number }> {
  const args = [
    '--from',
    String(template),
    '--count',
    String(count),
    '--name-pattern',
    'ours-%02d',
    '--start',
  ];
  const written = await countReplaced(join(lab.firewalls.mgmt.root, hostsFolder, 'truename'));
  await listen(lab);
  const { exitCode, stdout, stderr } = await truename(lab.controller, ['clone', ...args, '--json'], {
    cwd: folder,
  });
  const writes = written.stop();
  if (stdout === '') throw new Error(`truename clone ended with ${exitCode}: ${stderr}`);
  const { clones } = JSON.parse(stdout) as CloneReport;
  const bad = clones.filter(({ outcome }) => outcome !== 'proven');
  if (bad.length > 0) throw new Error(bad.map(({ name, why }) => `${name}: ${why}`).join('\n'));
  const named = new Map(clones.map(({ nics, name }) => [nics[0]?.mac ?? '', name]));
  const wrong = await wronglyGranted(lab, named);
  const names = clones.map(({ name }) => name);
  const removed = await truename(lab.controller, ['remove', ...names, '--stop', '--yes'], { cwd: folder });
  if (removed.exitCode !== 0)
    throw new Error(`truename remove ended with ${removed.exitCode}: ${removed.stderr}`);
  return { wrong, writes };
}

async function asDocumented(lab: Lab): Promise<number> {
  const cluster = clusterOf(lab.paths);
  const { mgmt } = lab.firewalls;
  await listen(lab);
  const named = new Map<string, string>();
  for (let index = 1; index <= count; index += 1) {
    const name = pattern('theirs', index);
    await cluster.clone(template, 600 + index, name, mgmt.segment.bridge);
    named.set(await cluster.mac(600 + index), name);
  }
  for (const mac of named.keys()) await firstLease(mgmt, mac, 240_000);
  return wronglyGranted(lab, named);
}

async function listen(lab: Lab): Promise<void> {
  const dump = `tcpdump -i lan -n -U --immediate-mode -Z root -s 2048 -w ${captured} port 67 or port 68`;
  await runInside(
    lab.paths,
    'node',
    `rm -f ${captured}; ${dump} >/dev/null 2>&1 </dev/null & echo $! >/tmp/bench.pid; until [ -e ${captured} ]; do sleep 0.1; done`,
  );
}

async function wronglyGranted(lab: Lab, named: ReadonlyMap<string, string>): Promise<number> {
  const text = await runInside(
    lab.paths,
    'node',
    `sleep 1; kill "$(cat /tmp/bench.pid)"; sleep 1; base64 -w 0 ${captured}`,
  );
  const granted = grantedNames(Buffer.from(text.trim(), 'base64'));
  for (const [mac, name] of named)
    if (!granted.has(mac)) throw new Error(`no lease granted to ${name} (${mac}) was captured`);
  return [...named].filter(([mac, name]) => granted.get(mac)?.some((each) => each !== name) === true).length;
}

/** Counts how often a file is another one than before; it is replaced by a rename. */
async function countReplaced(path: string): Promise<{ stop(): number }> {
  const inode = () =>
    stat(path).then(
      ({ ino }) => ino,
      () => 0,
    );
  let last = await inode();
  let replaced = 0;
  const timer = setInterval(async () => {
    const now = await inode();
    if (now !== last && now !== 0) replaced += 1;
    last = now;
  }, 20);
  return {
    stop() {
      clearInterval(timer);
      return replaced;
    },
  };
}
