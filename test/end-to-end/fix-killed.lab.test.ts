import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInside } from '../../lab/inside.ts';
import type { FixReport } from '../../src/cli/fix-report.ts';
import { watchFix } from './fix-run.ts';
import { runFix } from './fix-stage.ts';
import { openStage, type Stage } from './stage.ts';

/** A guest of each client, and what gives its lease the template's name again. */
const guests = [
  {
    vmid: 890,
    name: 'yara',
    template: 9014,
    spoil: `uuid=$(nmcli -g GENERAL.CON-UUID device show eth0)
      nmcli connection modify "$uuid" ipv4.dhcp-hostname debian13-nm; nmcli device reapply eth0; sleep 1`,
  },
  {
    vmid: 891,
    name: 'zeno',
    template: 9011,
    spoil: `rm -f /etc/systemd/network/10-ethernet.network.d/zz-truename.conf
      mkdir -p /etc/systemd/network/10-ethernet.network.d
      printf '[DHCPv4]\\nHostname=debian13-networkd\\n' >/etc/systemd/network/10-ethernet.network.d/90-name.conf
      networkctl reload; sleep 1`,
  },
  {
    vmid: 892,
    name: 'anja',
    template: 9012,
    spoil: 'hostnamectl set-hostname debian13-dhcpcd; sleep 0.5; dhcpcd -N eth0',
  },
] as const;

type Guest = (typeof guests)[number];

let stage: Stage;
let folder = '';
/** A socket's path is short (unix(7)), so this is not below the lab's own folder. */
let temporary = '';
/** How long a whole run takes, in milliseconds, and which events it tells. */
let whole = 0;
let told: string[] = [];

const spoil = async ({ vmid, name, spoil: script }: Guest) => {
  await runInside(stage.lab.paths, String(vmid), script);
  const deadline = performance.now() + 15_000;
  while ((await stage.lease(vmid, 'mgmt'))?.name === name) {
    if (performance.now() > deadline)
      throw new Error(`the lease of ${name} is right, where it was to be wrong`);
    await delay(100);
  }
};

beforeAll(async () => {
  stage = await openStage();
  for (const { vmid, name, template } of guests) await stage.cluster.clone(template, vmid, name, 'lan');
  for (const { vmid } of guests) await stage.booted(vmid);
  folder = await stage.folder('killed', {});
  temporary = await mkdtemp('/tmp/tn-');
  await runFix(stage, folder, ['891']);
  await spoil(guests[0]);
  const began = performance.now();
  const { events, exitCode } = await watchFix(stage.lab, folder, ['890'], () => undefined);
  whole = performance.now() - began;
  told = events.map(({ type }) => type);
  if (exitCode !== 0) throw new Error(`a run that nobody kills ended with ${exitCode}`);
}, 200_000);

afterAll(async () => {
  await stage?.lab.down();
  await rm(temporary, { recursive: true, force: true });
});

/** The same command again: it must end 0, with the guest right. */
async function again({ vmid, name }: Guest): Promise<[number, string | undefined, FixReport]> {
  const { exitCode, report } = await runFix(stage, folder, [String(vmid)]);
  return [exitCode, (await stage.lease(vmid, 'mgmt'))?.name === name ? name : undefined, report];
}

describe('a run of fix that is killed', () => {
  it.each(guests)('at each of its events, ends 0 when it is given again: $template', async (guest) => {
    for (let index = 0; index < told.length; index += 1) {
      await spoil(guest);
      let count = 0;
      await watchFix(
        stage.lab,
        folder,
        [String(guest.vmid)],
        (_event, child) => {
          if (count === index) child.kill('SIGKILL');
          count += 1;
        },
        { TMPDIR: temporary },
      );

      const [exitCode, name, report] = await again(guest);

      expect([exitCode, name], `killed at event ${index}: ${JSON.stringify(report)}`).toEqual([
        0,
        guest.name,
      ]);
    }
  });

  it('at fifty random moments, ends 0 when it is given again', async () => {
    // Three at a time, each with a guest of its own, as several runs may share a state directory.
    await Promise.all(
      guests.map(async (guest) => {
        for (let count = 0; count < 17; count += 1) {
          await spoil(guest);
          const moment = Math.random() * whole * 1.5;
          let timer: NodeJS.Timeout | undefined;
          await watchFix(
            stage.lab,
            folder,
            [String(guest.vmid)],
            (event, child) => {
              if (event.type === 'run-started') timer = setTimeout(() => child.kill('SIGKILL'), moment);
            },
            { TMPDIR: temporary },
          );
          clearTimeout(timer);

          const [exitCode, name, report] = await again(guest);

          const said = `killed after ${moment} ms: ${JSON.stringify(report)}`;
          expect([exitCode, name], said).toEqual([0, guest.name]);
        }
      }),
    );
  }, 400_000);

  it('leaves no lock, temporary file, timer or half-written profile behind', async () => {
    const state = join(stage.lab.paths.root, 'controller/home/.local/state/truename');
    await runFix(
      stage,
      folder,
      guests.map(({ vmid }) => String(vmid)),
      { TMPDIR: temporary },
    );
    expect(await readdir(temporary)).toEqual([]);

    const kept = (await readdir(state, { recursive: true, withFileTypes: true }))
      .filter((each) => each.isFile())
      .map(({ name }) => name);
    expect(kept.filter((name) => !/^[\w.-]+\.jsonl$|^truename-vm-\d+-[0-9a-f-]{36}/.test(name))).toEqual([]);
    for (const { vmid } of guests) {
      const left = await runInside(
        stage.lab.paths,
        String(vmid),
        `set +e
         find /etc /run -name '*truename*' ! -name 'zz-truename*.conf' 2>/dev/null
         find /etc -cnewer /run/cloud-init/result.json \\( -name '*.tmp*' -o -name '.*truename*' \\) 2>/dev/null
         systemctl list-units --all --plain --no-legend 'truename*'
         command -v nmcli >/dev/null && nmcli connection load /etc/NetworkManager/system-connections/* 2>&1 | grep -i could
         true`,
      );
      expect(left, String(vmid)).toBe('');
    }
  });
});
