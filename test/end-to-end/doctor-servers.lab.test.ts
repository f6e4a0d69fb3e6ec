import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInside } from '../../lab/inside.ts';
import type { MachineReport } from '../../src/cli/doctor-report.ts';
import { serverCompanions, serverScenes } from './doctor-server-scenes.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
const machines = new Map<number, MachineReport>();

beforeAll(async () => {
  stage = await openStage();
  const { cluster, lab } = stage;
  const all = [...serverCompanions, ...serverScenes];
  for (const { vmid, name, template, segment } of all) {
    await cluster.clone(template, vmid, name, lab.firewalls[segment ?? 'mgmt'].segment.bridge);
  }
  for (const { vmid, segment } of all) {
    await stage.firstLease(vmid, segment ?? 'mgmt');
    await stage.booted(vmid);
  }
  const tools = {
    cluster,
    paths: lab.paths,
    firewalls: lab.firewalls,
    inside: (host: string, script: string) => runInside(lab.paths, host, script),
    address: async (vmid: number) => (await stage.lease(vmid, 'mgmt'))?.address ?? '',
  };
  for (const scene of serverScenes) await scene.setUp?.(tools);
  for (const { vmid, configuration, whileListening } of serverScenes) {
    const looking = whileListening === undefined ? look(vmid, configuration) : listen(vmid);
    if (whileListening !== undefined) await tools.inside(String(vmid), whileListening);
    machines.set(vmid, await looking);
  }
}, 400_000);

afterAll(async () => {
  await stage?.lab.down();
});

/** The doctor's look at one guest, with a truename.yaml that was changed. */
async function look(vmid: number, change: (yaml: string) => string = (yaml) => yaml): Promise<MachineReport> {
  const folder = await stage.folder(`look-${vmid}`, {});
  const file = join(folder, 'truename.yaml');
  await writeFile(file, change(await readFile(file, 'utf8')));
  const { report } = await stage.doctor(folder, [String(vmid)]);
  return report.machines[0] as MachineReport;
}

/** The doctor's look at one guest from its node, where its packets can be heard. */
async function listen(vmid: number): Promise<MachineReport> {
  const folder = await stage.folder(`listen-${vmid}`, { access: 'ssh' });
  const { report } = await stage.doctor(folder, [String(vmid), '--watch-wire', '8']);
  return report.machines[0] as MachineReport;
}

function summaryOf(vmid: number): string | undefined {
  return machines.get(vmid)?.findings[0]?.summary;
}

describe('truename doctor, where servers were brought into a state by its real cause', () => {
  it.each(serverScenes)('$name: $cause', ({ vmid, rules, firstBroken }) => {
    const machine = machines.get(vmid);

    const counted = (machine?.findings ?? []).filter(({ severity }) => severity !== 'notice');
    expect(counted.map(({ rule }) => rule).sort(), JSON.stringify(machine, null, 1)).toEqual(
      [...rules].sort(),
    );
    expect(machine?.firstBroken?.link).toBe(firstBroken);
  });

  it('says who holds a name', () => {
    expect(summaryOf(832)).toContain('The guest 833 ("boris") holds the name "bela"');
  });

  it('says that a resolver lacks what another one of the segment has', async () => {
    const { findings } = await look(836, (yaml) =>
      yaml.replace('resolvers: [srv]', 'resolvers: [srv, mgmt]'),
    );

    expect(findings[0]).toMatchObject({
      rule: 'dns-not-following-lease',
      summary: expect.stringContaining('srv has no record of elsa.srv.internal, which mgmt has'),
    });
  });

  it('says who leases to a guest to which its segment’s server does not', () => {
    expect(summaryOf(837)).toMatch(
      /^srv, the DHCP server of the segment mgmt, leases nothing to .* and mgmt leases it/,
    );
  });
});
