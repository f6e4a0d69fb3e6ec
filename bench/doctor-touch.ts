import type { DoctorScene } from './doctor-scene.ts';

/** What one look left behind. */
export interface Touch {
  readonly packets: number;
  readonly files: number;
  readonly processes: number;
}

const places: Readonly<Record<string, string>> = {
  '610':
    '/etc /var/lib/NetworkManager /var/lib/cloud /var/lib/systemd /run/NetworkManager /run/systemd/network',
  'fw-mgmt': '/var/db /var/etc /usr/local/etc',
  node: '/etc /root /opt',
};

/** Runs something, and counts DHCP packets on the guest's bridge, changed files, and processes that are there since. */
export async function touchOf(scene: DoctorScene, run: () => Promise<unknown>): Promise<Touch> {
  const { inside } = scene;
  // It ends by itself 30 s after the last question, in the middle of a count.
  await inside('610', 'systemctl stop systemd-hostnamed');
  const listen =
    'rm -f /tmp/dhcp; (tcpdump -i lan -n -l port 67 or port 68 >/tmp/dhcp 2>/dev/null & echo $! >/tmp/dhcp.pid); sleep 1';
  await inside('node', listen);
  const before = await look(scene);
  await run();
  // A connection's last process may still be on its way out.
  await inside('node', 'sleep 1');
  const after = await look(scene);
  const heard = await inside(
    'node',
    'kill "$(cat /tmp/dhcp.pid)"; cat /tmp/dhcp; rm -f /tmp/dhcp /tmp/dhcp.pid',
  );
  return {
    packets: lines(heard, 'lan').length,
    files: differing(before.files, after.files),
    processes: after.processes.filter((each) => !before.processes.includes(each)).length,
  };
}

async function look({ inside, lab }: DoctorScene) {
  const files: string[] = [];
  const processes: string[] = [];
  for (const [host, folders] of Object.entries(places)) {
    const list = `find ${folders} -type f -exec ls -l --time-style=full-iso {} + 2>/dev/null || find ${folders} -type f -exec ls -le {} + 2>/dev/null || true`;
    files.push(...lines(await inside(host, list), host));
    processes.push(...lines(await inside(host, own), host));
  }
  const home = await lab.controller.run([
    'find',
    '/root',
    '/tmp',
    '-newermt',
    '-1 day',
    '-type',
    'f',
    '-path',
    '*truename*',
  ]);
  files.push(...lines(home.stdout, 'controller'));
  return { files, processes };
}

const own = `for p in /proc/[0-9]*; do
  [ -r "$p/cmdline" ] || continue
  c=$(tr '\\000' ' ' <"$p/cmdline" 2>/dev/null) || continue
  case $c in ''|'/bin/sh -eu'*|tr\\ *|*tcpdump*|*nm-dispatcher*) continue ;; esac
  echo "\${p#/proc/} $c"
done`;

function lines(text: string, host: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `${host} ${line}`);
}

function differing(before: readonly string[], after: readonly string[]): number {
  return (
    after.filter((line) => !before.includes(line)).length +
    before.filter((line) => !after.includes(line)).length
  );
}
