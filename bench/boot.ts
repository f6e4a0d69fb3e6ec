import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { clusterOf } from '../lab/cluster.ts';
import { command } from '../lab/command.ts';
import { initOf, runInside } from '../lab/inside.ts';
import { startLab } from '../lab/lab.ts';
import { namespaceOf } from '../lab/network.ts';
import { checkout, type LabPaths } from '../lab/paths.ts';
import { type Figure, figure } from './figure.ts';
import { median } from './statistics.ts';

const withUnits = { vmid: 971, name: 'units' };
const without = { vmid: 972, name: 'plain' };
const template = 9011;

/** One boot, in milliseconds since systemd began to load units. */
interface Boot {
  /** Until the DHCP client was started. */
  readonly clientMs: number;
  /** What the first unit took by itself; absent where it is not installed. */
  readonly unitMs?: number;
}

/**
 * Boots two clones of one template by turns, of which one has the units, and takes when systemd started the DHCP client. The first
 * round is not counted.
 */
export async function benchBoot(
  rounds: number,
  say: (line: string) => void,
  print: (figure: Figure) => void,
): Promise<void> {
  say('starting a lab');
  const lab = await startLab({ say });
  const { paths } = lab;
  try {
    const cluster = clusterOf(paths);
    for (const { vmid, name } of [withUnits, without]) {
      await cluster.clone(template, vmid, name, 'lan');
      await booted(paths, vmid);
    }
    await installUnits(paths);
    const boots: { readonly ours: Boot; readonly theirs: Boot }[] = [];
    const boot = async ({ vmid }: { readonly vmid: number }): Promise<Boot> => {
      await cluster.power(vmid, 'stop');
      await cluster.power(vmid, 'start');
      return booted(paths, vmid);
    };
    for (let round = 0; round <= rounds; round += 1) {
      const ours = await boot(withUnits);
      const theirs = await boot(without);
      if (ours.unitMs === undefined || theirs.unitMs !== undefined)
        throw new Error('one guest was to have the units, and the other not');
      say(
        `round ${round}: ${ours.clientMs} ms with the units (${ours.unitMs} ms their own), ${theirs.clientMs} ms without`,
      );
      if (round > 0) boots.push({ ours, theirs });
    }
    const seconds = (of: (boot: (typeof boots)[number]) => number) => median(boots.map(of)) / 1000;
    const values = {
      ours: seconds(({ ours }) => ours.clientMs),
      theirs: seconds(({ theirs }) => theirs.clientMs),
    };
    print(figure('boot-until-client', values, 's', rounds));
    const own = { ours: seconds(({ ours }) => ours.unitMs ?? Number.NaN), theirs: null };
    print(figure('boot-unit', own, 's', rounds));
    const difference = seconds(({ ours, theirs }) => ours.clientMs - theirs.clientMs);
    print(figure('boot-cost', { ours: difference, theirs: null }, 's, median difference of pairs', rounds));
  } finally {
    await lab.down();
  }
}

/** As on any systemd distribution; systemd hands the name to the unit, since a container has neither disc nor firmware. */
async function installUnits(paths: LabPaths): Promise<void> {
  const root = join(paths.host(String(withUnits.vmid)), 'root');
  await command('sh', [
    join(checkout, 'nix/guest/install.sh'),
    '--root',
    root,
    '--template-name',
    'debian13-networkd',
  ]);
  await mkdir(join(root, 'etc/credstore'), { recursive: true });
  await writeFile(join(root, 'etc/credstore/truename.hostname'), `${withUnits.name}\n`);
}

const times = `
n=0; until systemctl is-active -q systemd-networkd qemu-guest-agent; do n=$((n + 1)); [ $n -lt 600 ] || exit 1; sleep 0.1; done
systemctl show -p UserspaceTimestampMonotonic
systemctl show -p ExecMainStartTimestampMonotonic systemd-networkd.service | sed s/^/client/
[ ! -e /etc/systemd/system/truename-hostname.service ] || {
  systemctl is-active -q truename-hostname.service
  systemctl show -p ExecMainStartTimestampMonotonic -p ExecMainExitTimestampMonotonic truename-hostname.service | sed s/^/unit/
}`;

/** Waits until it is up, and reads when what was started. */
async function booted(paths: LabPaths, vmid: number): Promise<Boot> {
  const { name } = namespaceOf(paths.id, String(vmid));
  const deadline = performance.now() + 60_000;
  while (!(await initOf(name).then(Boolean, () => false)) && performance.now() < deadline) await delay(50);
  const text = await runInside(paths, String(vmid), times);
  const at = (key: string) => {
    const match = new RegExp(`^${key}TimestampMonotonic=(\\d+)$`, 'm').exec(text);
    return match === null ? undefined : Number(match[1]) / 1000;
  };
  const began = at('Userspace');
  const client = at('clientExecMainStart');
  const unit = [at('unitExecMainStart'), at('unitExecMainExit')];
  if (began === undefined || client === undefined)
    throw new Error(`systemd does not tell its times: ${text}`);
  const [start, end] = unit;
  const own = start === undefined || end === undefined ? {} : { unitMs: Math.round(end - start) };
  return { clientMs: Math.round(client - began), ...own };
}
