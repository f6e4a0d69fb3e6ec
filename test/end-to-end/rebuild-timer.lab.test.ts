import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInside } from '../../lab/inside.ts';
import { checkout } from '../../lab/paths.ts';
import { nodeHost } from '../../lab/segments.ts';
import { openStage, type Stage } from './stage.ts';
import { equipGuest } from './truename-guest.ts';

let stage: Stage;

/** The Debian guest that Truename runs on, and the NixOS-shaped one that it rebuilds. */
const [controller, timed] = [870, 871];
const service = 'truename-rebuild@timed.service';
const configuration =
  '{ imports = [ /etc/nixos/plain.nix ]; networking.hostName = "timed"; environment.etc.day.text = "1"; }\n';

const inside = (script: string) => runInside(stage.lab.paths, String(controller), script);
const root = () => join(stage.lab.paths.host(String(controller)), 'root');

/** How systemd saw the last run of the service end, and what the run itself had said since `begun`. */
interface Ended {
  readonly result: string;
  readonly exitCode: string;
  readonly said: string;
}

/** Starts the service, by the word given, waits for its end, and tells how it was. */
async function ended(start: string): Promise<Ended> {
  const printed = await inside(`set +e
before=$(systemctl show -P ExecMainExitTimestampMonotonic ${service})
cursor=$(journalctl -n 0 --show-cursor | sed -n 's/^-- cursor: //p')
${start}
n=0
while [ "$(systemctl show -P ExecMainExitTimestampMonotonic ${service})" = "$before" ] ||
  systemctl show -P ActiveState ${service} | grep -q activating; do
  n=$((n + 1)); [ $n -lt 900 ] || exit 1; sleep 0.2
done
journalctl --sync
systemctl show -P Result ${service}; systemctl show -P ExecMainStatus ${service}
journalctl -o cat \${cursor:+--after-cursor="$cursor"} _SYSTEMD_UNIT=${service}`);
  const [result = '', exitCode = '', ...said] = printed.split('\n');
  return { result, exitCode, said: said.join('\n') };
}

/** The units of the guide, each written where its first line says; the guide's commands for the account. */
async function installAsTheGuideSays(): Promise<string[]> {
  const guide = await readFile(join(checkout, 'docs/guides/where-it-runs.md'), 'utf8');
  const units = [...guide.matchAll(/^```ini\n# (\S+)\n([\s\S]*?)^```$/gm)];
  for (const [, path = '', text = ''] of units) {
    await mkdir(dirname(join(root(), path)), { recursive: true });
    await writeFile(join(root(), path), text);
  }
  const account = [...guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((each) => each[1] as string);
  await inside(account.find((each) => each.startsWith('useradd')) ?? 'exit 1');
  return units.map((each) => each[1] as string);
}

beforeAll(async () => {
  stage = await openStage();
  await stage.cluster.clone(9014, controller, 'ctl', 'lan');
  await stage.cluster.clone(9001, timed, 'timed', 'lan');
  for (const vmid of [controller, timed]) await stage.firstLease(vmid, 'mgmt');
  for (const vmid of [controller, timed]) await stage.booted(vmid);
  await equipGuest(stage, controller);
}, 200_000);

afterAll(async () => {
  await stage?.lab.down();
});

describe('truename rebuild from a timer', () => {
  it('needs no HOME, no agent, no terminal, and nothing to write to but its state', async () => {
    await writeFile(join(root(), 'etc/truename/timed.nix'), configuration);
    const properties = '-p StateDirectory=truename-root -p ProtectSystem=strict -p ProtectHome=read-only';
    const unit = `systemd-run --wait --pipe --quiet ${properties} -p PrivateTmp=yes`;
    const words = `timed ${timed} ${nodeHost.name} /etc/truename/timed.nix --config /etc/truename/truename.yaml`;

    const environment = await inside(`${unit} env`);
    const said = await inside(
      `${unit} /usr/local/bin/truename rebuild ${words} --quiet </dev/null 2>&1; echo "ended $?"`,
    );

    expect(environment).not.toMatch(/^(?:HOME|SSH_AUTH_SOCK|TERM|XDG_\w+)=/m);
    expect(said).toBe('ended 0');
    expect((await stage.lease(timed, 'mgmt'))?.name).toBe('timed');
    expect(await inside('ls /var/lib/truename-root')).toContain('host-keys');
  });

  describe('by the units of the guide', () => {
    beforeAll(async () => {
      expect(await installAsTheGuideSays()).toEqual([
        '/etc/systemd/system/truename-rebuild@.service',
        '/etc/systemd/system/truename-rebuild@.timer',
      ]);
      await writeFile(join(root(), 'etc/truename/timed.env'), `VMID=${timed}\nNODE=${nodeHost.name}\n`);
      // The hour of the guide's timer is not waited for.
      await inside(`cp /root/.ssh/id_ed25519 /root/.ssh/known_hosts /var/lib/truename/.ssh
chown -R truename:truename /var/lib/truename; chgrp -R truename /etc/truename; chmod 0640 /etc/truename/*
mkdir -p /etc/systemd/system/truename-rebuild@.timer.d
printf '[Timer]\\nOnActiveSec=1s\\nAccuracySec=100ms\\nRandomizedDelaySec=0\\n' \\
  >/etc/systemd/system/truename-rebuild@.timer.d/now.conf
systemctl daemon-reload`);
    });

    it('says nothing when all is right, and has done its work', async () => {
      await writeFile(join(root(), 'etc/truename/timed.nix'), configuration.replace('"1"', '"2"'));

      const run = await ended('systemctl enable --now truename-rebuild@timed.timer 2>/dev/null');

      expect(run).toEqual({ result: 'success', exitCode: '0', said: '' });
      expect(await stage.inGuest(timed, 'cat /etc/day')).toBe('2');
      expect(await inside('ls /var/lib/truename')).toContain('host-keys');
    });

    it('says what is wrong with a configuration, and fails', async () => {
      await writeFile(join(root(), 'etc/truename/timed.nix'), configuration.replace('hostName', 'hostNam'));

      const run = await ended(`systemctl start ${service} 2>/dev/null`);

      expect([run.result, run.exitCode], run.said).toEqual(['exit-code', '1']);
      expect(run.said).toContain('networking.hostNam');
      expect(run.said).toContain('timed was not rebuilt.');
      expect(run.said).not.toMatch(/(?!\n)\p{Cc}/u);
    });

    it('says which link is not proven, and fails', async () => {
      await writeFile(join(root(), 'etc/truename/timed.nix'), configuration.replace('"1"', '"3"'));
      const file = join(root(), 'etc/truename/truename.yaml');
      const text = await readFile(file, 'utf8');
      await writeFile(
        file,
        `${text.replace('address: 10.2.10.1 ', 'address: 10.2.10.2 ')}timeouts: { proof: 2 }\n`,
      );

      const run = await ended(`systemctl start ${service} 2>/dev/null`);
      await writeFile(file, text);

      expect([run.result, run.exitCode], run.said).toEqual(['exit-code', '3']);
      expect(run.said).toMatch(/^forward \(mgmt\): /m);
      expect(await stage.inGuest(timed, 'cat /etc/day')).toBe('3');
    });

    it('says what the unit lacks', async () => {
      await writeFile(join(root(), 'etc/truename/timed.env'), `NODE=${nodeHost.name}\n`);

      const run = await ended(`systemctl start ${service} 2>/dev/null`);

      expect([run.result, run.exitCode], run.said).toEqual(['exit-code', '2']);
      expect(run.said).toContain('is no VM number');
    });
  });
});
