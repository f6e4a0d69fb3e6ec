import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { truenameReport } from '../../demo/truename.ts';
import { runInside } from '../../lab/inside.ts';
import type { GuestReport } from '../../src/cli/guest-report.ts';
import { measure, messagesOf } from '../boot/measure.ts';
import { openStage, type Stage } from './stage.ts';

const guest = { vmid: 880, name: 'nina' };
const nixos = { vmid: 881, name: 'olga' };
const container = 702;
const listen = `rm -f /tmp/dhcp; tcpdump -i lan -n -U --immediate-mode -Z root -s 2048 -w /tmp/dhcp port 67 or port 68 >/dev/null 2>&1 </dev/null & echo $! >/tmp/dhcp.pid; until [ -e /tmp/dhcp ]; do sleep 0.1; done`;
const heard =
  'sleep 1; kill "$(cat /tmp/dhcp.pid)"; while kill -0 "$(cat /tmp/dhcp.pid)" 2>/dev/null; do sleep 0.1; done; base64 -w 0 /tmp/dhcp';

let stage: Stage;
let folder = '';

beforeAll(async () => {
  stage = await openStage();
  folder = await stage.folder('guest-units', {});
  await stage.clone(9011, guest.vmid, guest.name, 'mgmt');
  await stage.clone(9000, nixos.vmid, nixos.name, 'mgmt');
  await Promise.all([guest, nixos].map(({ vmid }) => stage.booted(vmid)));
}, 300_000);

afterAll(async () => {
  await stage?.lab.down();
});

async function run(...words: readonly string[]) {
  const { exitCode, report, stderr } = await truenameReport<GuestReport>(
    stage.lab.controller,
    ['guest', ...words],
    { cwd: folder },
  );
  return { exitCode, report, stderr, guests: report.guests };
}

/** What stands below the folders that an installation writes to: names, contents and links. */
async function standing(): Promise<string> {
  return stage.inGuest(
    guest.vmid,
    `cd /; find etc/systemd/system etc/truename usr/local/lib -printf '%M %u %p %l\\n' 2>/dev/null | sort
     find etc/systemd/system etc/truename usr/local/lib -type f -exec sha256sum {} + 2>/dev/null | sort`,
  );
}

describe('truename guest', () => {
  let before = '';

  it('says in a dry run what it would write, and writes nothing', async () => {
    before = await standing();

    const { exitCode, guests } = await run('install', guest.name, '--dry-run');

    expect([exitCode, guests[0]?.outcome]).toEqual([0, 'planned']);
    expect(guests[0]?.files.filter(({ becomes }) => becomes === 'written')).toHaveLength(7);
    expect(await standing()).toBe(before);
  });

  it('installs the units, with the names of the site’s templates, and reads them back', async () => {
    const { exitCode, guests } = await run('install', guest.name);

    expect([exitCode, guests[0]?.outcome], JSON.stringify(guests)).toEqual([0, 'installed']);
    const settings = await stage.inGuest(guest.vmid, 'cat /etc/truename/guest.conf');
    expect(settings).toContain('debian13-networkd');
    expect(settings).toContain('TRUENAME_SOURCES="cmdline credential smbios seed last"');
    const modes = await stage.inGuest(
      guest.vmid,
      "stat -c '%a %U' /usr/local/lib/truename /usr/local/lib/truename/hostname.sh /etc/truename/guest.conf; ls -d /run/truename-install* 2>/dev/null; true",
    );
    expect(modes.trim().split('\n')).toEqual(['755 root', '755 root', '644 root']);
  });

  it('changes nothing where they stand already, and only the settings where these are others', async () => {
    expect((await run('install', guest.name)).guests).toMatchObject([{ outcome: 'unchanged' }]);

    const { guests } = await run('install', guest.name, '--source', 'credential', '--source', 'last');

    expect(guests[0]?.files.filter(({ becomes }) => becomes === 'written')).toEqual([
      { path: '/etc/truename/guest.conf', was: 'other', becomes: 'written' },
    ]);
    const settings = await stage.inGuest(guest.vmid, 'cat /etc/truename/guest.conf');
    expect(settings).toContain('TRUENAME_SOURCES="credential last"');
    expect(settings).toContain('debian13-networkd');
  });

  it('mends a file that somebody changed', async () => {
    await stage.inGuest(guest.vmid, 'echo exit 1 >>/usr/local/lib/truename/hostname.sh');
    const { guests } = await run('install', guest.name);
    expect(guests[0]?.files.filter(({ becomes }) => becomes === 'written')).toEqual([
      { path: '/usr/local/lib/truename/hostname.sh', was: 'other', becomes: 'written' },
    ]);
  });

  it('has every DHCP packet bear the name that the guest finds, and the lease too, from its next boot', async () => {
    // systemd hands it to the unit (systemd.exec(5), LoadCredential=): the lab's containers have no disc and no firmware.
    await stage.inGuest(
      guest.vmid,
      'mkdir -p /etc/credstore; echo nina-the-second >/etc/credstore/truename.hostname',
    );
    await stage.cluster.power(guest.vmid, 'stop');
    await runInside(stage.lab.paths, 'node', listen);
    await stage.cluster.power(guest.vmid, 'start');
    await stage.booted(guest.vmid);
    const capture = Buffer.from((await runInside(stage.lab.paths, 'node', heard)).trim(), 'base64');

    const said = await stage.inGuest(
      guest.vmid,
      'journalctl --boot --output=cat --unit=truename-hostname; systemctl is-failed truename-hostname || true; hostname',
    );
    expect(said).toContain('the host name is nina-the-second, from credential');
    expect(said.trim().split('\n').slice(-2)).toEqual(['active', 'nina-the-second']);
    expect((await stage.lease(guest.vmid, 'mgmt'))?.name).toBe('nina-the-second');
    const packets = messagesOf(capture, await stage.cluster.mac(guest.vmid));
    const seen = measure(packets, 'nina-the-second', new Date().toISOString());
    expect(seen).toMatchObject({ wrongNamePackets: 0, names: ['nina-the-second'] });
  });

  it('takes away what it installed, and nothing else', async () => {
    const { exitCode, guests } = await run('uninstall', guest.name);

    expect([exitCode, guests[0]?.outcome]).toEqual([0, 'removed']);
    expect(await standing()).toBe(before);
    expect((await run('uninstall', guest.name)).guests).toMatchObject([{ outcome: 'unchanged' }]);
  });

  it('refuses a NixOS guest, and says what to write instead', async () => {
    const { exitCode, guests } = await run('install', nixos.name);

    expect([exitCode, guests[0]?.outcome, guests[0]?.error?.code]).toEqual([1, 'refused', 'unsupported']);
    expect(guests[0]?.error?.hint).toContain('truename.guest.enable = true');
  });

  it('refuses a container, which has its name before it starts', async () => {
    const { exitCode, guests } = await run('install', String(container));

    expect([exitCode, guests[0]?.outcome, guests[0]?.error?.code]).toEqual([1, 'refused', 'unsupported']);
    expect(guests[0]?.via).toBeNull();
  });

  it('leaves no lock', async () => {
    const state = join(stage.lab.paths.root, 'controller/home/.local/state/truename');
    const files = (await readdir(state, { recursive: true })).filter((each) => each.includes('lock'));
    const held = await Promise.all(files.map((each) => readFile(join(state, each), 'utf8').catch(() => '')));
    expect(held.filter((text) => text !== '')).toEqual([]);
  });
});
