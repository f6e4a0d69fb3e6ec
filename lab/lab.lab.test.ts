import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { clusterOf } from './cluster.ts';
import { startLab } from './lab.ts';
import { firstLease } from './observe.ts';
import { checkout, namespacesRoot } from './paths.ts';
import { listLabs } from './sweep.ts';

describe('two labs at once', () => {
  it('live side by side, and what one left that was killed in mid-boot the next start removes', async () => {
    const living = await startLab();
    const cluster = clusterOf(living.paths);
    try {
      const crashed = await killInMidBoot([living.paths.id]);
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
