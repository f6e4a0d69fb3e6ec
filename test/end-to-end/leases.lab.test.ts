import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freezeDhcp } from '../../lab/firewall.ts';
import type { LeasesReport } from '../../src/cli/leases-report.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let folder: string;
let macs: { mgmt: string; srv: string };

beforeAll(async () => {
  stage = await openStage();
  folder = await stage.folder('leases', {});
  await stage.clone(9011, 680, 'alpha', 'mgmt');
  await stage.clone(9012, 681, 'beta', 'srv');
  macs = { mgmt: await stage.cluster.mac(680), srv: await stage.cluster.mac(681) };
}, 300_000);

afterAll(async () => {
  await stage?.lab.down();
});

async function leases(...args: readonly string[]): Promise<{ exitCode: number; report: LeasesReport }> {
  const { exitCode, stdout } = await stage.truename(folder, ['leases', ...args, '--json']);
  return { exitCode, report: JSON.parse(stdout) };
}

describe('truename leases', () => {
  it('shows what every server has leased, as the servers themselves have it', async () => {
    const { exitCode, report } = await leases();

    const held = await Promise.all([stage.lease(680, 'mgmt'), stage.lease(681, 'srv')]);
    expect(exitCode).toBe(0);
    expect(report.servers.map(({ total }) => total)).toEqual([1, 1]);
    expect(report.leases).toMatchObject([
      { segments: ['mgmt'], address: held[0]?.address, mac: macs.mgmt, name: held[0]?.name, living: true },
      { segments: ['srv'], address: held[1]?.address, mac: macs.srv, name: held[1]?.name, living: true },
    ]);
  });

  it('finds one by MAC address, by name and by address', async () => {
    const { report } = await leases('--mac', macs.srv.toUpperCase());
    const [lease] = report.leases;

    expect(report.leases).toHaveLength(1);
    expect((await leases('--name', `${lease?.name}.srv.internal`)).report.leases).toEqual([lease]);
    expect((await leases('--ip', lease?.address ?? '')).report.leases).toEqual([lease]);
  });

  it('asks one server alone where that is wanted, and knows no other', async () => {
    const [first] = (await leases()).report.servers;
    const { report } = await leases('--server', first?.id ?? '');

    expect(report.servers).toMatchObject([{ id: first?.id, total: 1 }]);
    expect(await leases('--server', 'nobody')).toMatchObject({
      exitCode: 2,
      report: { error: { code: 'usage' } },
    });
  });

  it('reads the table of a server that does not answer its clients', async () => {
    await freezeDhcp(stage.lab.firewalls.srv, true);
    const { exitCode, report } = await leases('--mac', macs.srv);
    await freezeDhcp(stage.lab.firewalls.srv, false);

    expect([exitCode, report.leases.length]).toEqual([0, 1]);
  });

  it('says which server could not be read, and that more may be there', async () => {
    const broken = await stage.folder('broken', { leaseFile: { srv: '/var/db/nothing.leases' } });

    const { exitCode, stdout } = await stage.truename(broken, ['leases']);

    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^\? \S+ could not be read: the lease file \/var\/db\/nothing\.leases/m);
    expect(stdout).toContain('what could not be read may hold more');
  });
});
