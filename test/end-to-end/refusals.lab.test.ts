import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addHostEntry, freezeDhcp, reserveName } from '../../lab/firewall.ts';
import { setLies } from '../../lab/lies.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
}, 300_000);

afterAll(async () => {
  await stage?.lab.down();
});

const configuration = (name: string) =>
  `{ imports = [ /etc/nixos/plain.nix ]; networking.hostName = "${name}"; }\n`;

describe('a guest whose agent speaks for another machine', () => {
  const liar = 620;
  const victim = 621;

  beforeAll(async () => {
    await stage.clone(9001, victim, 'victim', 'mgmt');
    await stage.clone(9001, liar, 'liar', 'mgmt');
  });

  afterEach(async () => {
    await setLies(stage.lab.paths);
  });

  /** The liar's agent shows the victim's address at its own MAC, and the victim's host key. */
  async function lieAbout(address: string): Promise<void> {
    const key = await stage.inGuest(
      victim,
      'until cat /etc/ssh/ssh_host_ed25519_key.pub 2>/dev/null; do sleep 0.2; done',
    );
    const mac = await stage.cluster.mac(liar);
    await setLies(stage.lab.paths, {
      [liar]: {
        'guest-network-get-interfaces': [
          {
            name: 'eth0',
            'hardware-address': mac,
            'ip-addresses': [{ 'ip-address': address, 'ip-address-type': 'ipv4', prefix: 24 }],
          },
        ],
        'guest-exec-status': { exited: true, exitcode: 0, 'out-data': Buffer.from(key).toString('base64') },
      },
    });
  }

  /** What a write would have left: a configuration, another system, a login of ours. */
  const traces = 'ls -A /etc/nixos /home/tappaas; readlink -f /run/current-system; uname -n';

  it('is refused because its lease says otherwise', async () => {
    const folder = await stage.folder('liar', {});
    const address = (await stage.lease(victim, 'mgmt'))?.address ?? '';
    const before = await stage.inGuest(victim, traces);
    await lieAbout(address);

    const { exitCode, report } = await stage.rebuild(folder, 'liar', liar, configuration('liar'));

    expect([exitCode, report.error?.code]).toEqual([1, 'address-disputed']);
    expect(report.steps.map((step) => step.step)).not.toContain('login');
    expect(await stage.inGuest(victim, traces)).toBe(before);
  });

  it('is refused after login, though the lease table agrees with it: the machine there is not the VM', async () => {
    const address = (await stage.lease(victim, 'mgmt'))?.address ?? '';
    const mac = await stage.cluster.mac(liar);
    const { root } = stage.lab.firewalls.mgmt;
    const forged = join(root, 'var/db/forged.leases');
    await writeFile(
      forged,
      `${Math.floor(Date.now() / 1000) + 80_000} ${mac} ${address} tappaas-nixos 01:${mac}\n`,
    );
    const folder = await stage.folder('forged', { leaseFile: { mgmt: '/var/db/forged.leases' } });
    const before = await stage.inGuest(victim, traces);
    await lieAbout(address);

    const { exitCode, report } = await stage.rebuild(folder, 'liar', liar, configuration('liar'));

    expect([exitCode, report.error?.code]).toEqual([1, 'not-the-vm']);
    expect(report.steps.find((step) => step.step === 'login')?.failed).toBe(false);
    expect(await stage.inGuest(victim, traces)).toBe(before);
  });
});

describe('a proof that does not hold', () => {
  const vmid = 622;

  beforeAll(async () => {
    await stage.clone(9001, vmid, 'honest', 'mgmt');
    const folder = await stage.folder('honest', {});
    const { exitCode, report } = await stage.rebuild(folder, 'honest', vmid, configuration('honest'));
    expect(exitCode, JSON.stringify(report.error)).toBe(0);
  });

  it('a server that keeps answering yesterday’s table, the name in it still the template’s', async () => {
    const { root, leaseFile } = stage.lab.firewalls.mgmt;
    const text = await readFile(leaseFile, 'utf8');
    await writeFile(join(root, 'var/db/old-name.leases'), text.replaceAll(' honest ', ' tappaas-nixos '));
    const folder = await stage.folder('old-name', {
      leaseFile: { mgmt: '/var/db/old-name.leases' },
      proofSeconds: 5,
    });

    const { exitCode, report } = await stage.rebuild(folder, 'honest', vmid, configuration('honest'));

    expect([exitCode, report.outcome]).toEqual([3, 'not-proven']);
  });

  it('a server that keeps answering yesterday’s table, the right name in it', async () => {
    const { root, leaseFile } = stage.lab.firewalls.mgmt;
    const hoursAgo = (line: string) => line.replace(/^\d+/, (expiry) => String(Number(expiry) - 6 * 3600));
    const text = await readFile(leaseFile, 'utf8');
    await writeFile(join(root, 'var/db/yesterday.leases'), text.split('\n').map(hoursAgo).join('\n'));
    const folder = await stage.folder('yesterday', {
      leaseFile: { mgmt: '/var/db/yesterday.leases' },
      proofSeconds: 5,
    });

    const { exitCode, report } = await stage.rebuild(folder, 'honest', vmid, configuration('honest'));

    expect([exitCode, report.outcome]).toEqual([3, 'not-proven']);
  });

  it('a resolver that has the right answer over a wrong lease', async () => {
    const firewall = stage.lab.firewalls.mgmt;
    const lease = await stage.lease(vmid, 'mgmt');
    await reserveName(firewall, await stage.cluster.mac(vmid), 'somebody-else');
    await addHostEntry(firewall, `${lease?.address} honest.mgmt.internal honest`);
    const folder = await stage.folder('honest', { proofSeconds: 5 });

    const { exitCode, report } = await stage.rebuild(folder, 'honest', vmid, configuration('honest'));

    expect((await stage.lease(vmid, 'mgmt'))?.name).toBe('somebody-else');
    expect(report.proof?.now.find((verdict) => verdict.link === 'forward')?.state).toBe('proven');
    expect(report.proof?.now.find((verdict) => verdict.link === 'lease')?.state).toBe('refuted');
    expect([exitCode, report.outcome]).toEqual([3, 'not-proven']);
  });
});

describe('a clone that bears the firewall’s name', () => {
  it('is not given it', async () => {
    const vmid = 624;
    await stage.clone(9001, vmid, 'firewall', 'mgmt');
    const folder = await stage.folder('firewall', {});

    const { exitCode, report } = await stage.rebuild(folder, 'firewall', vmid, configuration('firewall'));

    expect([exitCode, report.error?.code]).toEqual([1, 'name-taken']);
    expect(report.error?.message).toContain('10.2.10.1');
    expect((await stage.lease(vmid, 'mgmt'))?.name).toBe('tappaas-nixos');
  });
});

describe('a DHCP server that is there and does not answer', () => {
  it('is asked for nothing, and the guest keeps its address', async () => {
    const vmid = 623;
    const granted = await stage.clone(9001, vmid, 'quiet', 'srv');
    const folder = await stage.folder('quiet', { proofSeconds: 5 });
    await stage.inGuest(vmid, 'until [ -e /run/cloud-init/result.json ]; do sleep 0.2; done');
    await freezeDhcp(stage.lab.firewalls.srv, true);

    const { exitCode, report } = await stage.rebuild(folder, 'quiet', vmid, configuration('quiet'));
    // NetworkManager 1.52 would give the address up 15 s after a renewal that nobody answers.
    await delay(17_000);
    const addresses = await stage.inGuest(vmid, 'ip -4 -o address show dev eth0');
    await freezeDhcp(stage.lab.firewalls.srv, false);

    expect([exitCode, report.error?.code]).toEqual([3, 'dhcp-server-silent']);
    expect(report.remedies).toEqual([]);
    expect(addresses).toContain(granted.address);
  });
});
