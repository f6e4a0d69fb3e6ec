import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { clusterOf } from './cluster.ts';
import { runInside } from './inside.ts';
import { startLab } from './lab.ts';
import { firstLease, readLease } from './observe.ts';
import { checkout, namespacesRoot } from './paths.ts';
import { nodeHost } from './segments.ts';
import { listLabs } from './sweep.ts';

describe('two labs at once', () => {
  it('live side by side, and what one left that was killed in mid-boot the next start removes', async () => {
    const living = await startLab();
    const cluster = clusterOf(living.paths);
    try {
      const crashed = await killInMidBoot(await listLabs());
      expect(await namespacesOf(crashed)).not.toEqual([]);

      const said: string[] = [];
      const next = await startLab({ say: (line) => said.push(line) });

      expect(said.join('\n')).toContain(`crashed lab ${crashed}`);
      expect(await namespacesOf(crashed)).toEqual([]);
      expect(await listLabs()).not.toContain(crashed);
      await Promise.all(
        [living, next].map(async (lab) => {
          const its = lab === living ? cluster : clusterOf(lab.paths);
          await its.clone(9001, 630, 'twin', 'lan');
          const lease = await firstLease(lab.firewalls.mgmt, await its.mac(630), 60_000);
          expect(lease.name).toBe('tappaas-nixos');
        }),
      );
      await next.down();
      expect(await namespacesOf(next.paths.id)).toEqual([]);
    } finally {
      await living.down();
    }
    expect(await namespacesOf(living.paths.id)).toEqual([]);
  }, 240_000);
});

describe('plain Debian guests and containers', () => {
  it('lease a name of their own, their templates or none, each as its parts have it', async () => {
    const lab = await startLab();
    const cluster = clusterOf(lab.paths);
    const { mgmt } = lab.firewalls;
    const cloned = async (template: number, vmid: number) => {
      await cluster.clone(template, vmid, `clone-${vmid}`, 'lan');
      return (await firstLease(mgmt, await cluster.mac(vmid), 60_000)).name;
    };
    const onNode = async (line: string) =>
      (await lab.controller.run(['ssh', '-o', 'BatchMode=yes', `root@${nodeHost.name}.mgmt.internal`, line]))
        .stdout;
    try {
      await Promise.all([cluster.power(700, 'start'), cluster.power(701, 'start')]);
      const names = await Promise.all(
        [9010, 9011, 9012, 9013, 9014].map((each) => cloned(each, each - 8400)),
      );
      const container = await firstLease(mgmt, await cluster.mac(700), 60_000);

      // cloud-init learns the name after networkd and ifupdown have brought the network up, and before the others start.
      expect(names).toEqual([
        'clone-610',
        'debian13-networkd',
        'clone-612',
        'debian12-dhclient',
        'clone-614',
      ]);
      expect(container.name).toBe('ct-debian12');
      expect(await readLease(mgmt, await cluster.mac(701))).toBeUndefined();
      expect(await onNode('pct exec 701 -- cat /etc/hostname')).toBe('ct-static');
      expect(await onNode('ip -oneline link')).toMatch(/ tap614i0@.* veth701i0@|veth701i0@.* tap614i0@/s);
      expect(await runInside(lab.paths, '610', 'test ! -e /nix; id -nG tappaas')).toContain('wheel');
    } finally {
      await lab.down();
    }
  }, 180_000);
});

/** Starts a lab by its command and kills the command with -9 once its first hosts run; returns the lab's id. */
async function killInMidBoot(others: readonly string[]): Promise<string> {
  const up = spawn(process.execPath, ['--no-warnings', join(checkout, 'lab/main.ts'), 'up'], {
    stdio: 'ignore',
  });
  const gone = once(up, 'exit');
  for (;;) {
    const id = (await listLabs()).find((each) => !others.includes(each));
    if (id !== undefined && (await namespacesOf(id)).length >= 3) {
      up.kill('SIGKILL');
      await gone;
      return id;
    }
    if (up.exitCode !== null) throw new Error('the lab was up before it could be killed');
    await delay(5);
  }
}

async function namespacesOf(id: string): Promise<string[]> {
  return (await readdir(namespacesRoot)).filter((name) => name.startsWith(`tn-${id}-`));
}
