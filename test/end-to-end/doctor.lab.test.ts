import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { truenameProgram } from '../../demo/truename.ts';
import { runInside } from '../../lab/inside.ts';
import { labTemplates } from '../../lab/templates.ts';
import { rules as allRules } from '../../src/checks/rules.ts';
import type { DoctorReport, MachineReport } from '../../src/cli/doctor-report.ts';
import { labCauses } from './doctor-causes.ts';
import type { DoctorScene } from './doctor-scene.ts';
import { companions, doctorScenes } from './doctor-scenes.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
const machines = new Map<number, MachineReport>();
const exitCodes: number[] = [];

beforeAll(async () => {
  stage = await openStage();
  const { cluster } = stage;
  for (const { vmid, name, template, segment, further } of [...companionScenes, ...doctorScenes]) {
    await cluster.clone(template, vmid, name, stage.lab.firewalls[segment ?? 'mgmt'].segment.bridge, further);
  }
  for (const { vmid, segment } of [...companionScenes, ...doctorScenes]) {
    await stage.firstLease(vmid, segment ?? 'mgmt');
    await stage.booted(vmid);
  }
  const { paths } = stage.lab;
  const inside = (host: string, script: string) => runInside(paths, host, script);
  for (const scene of doctorScenes) await scene.setUp?.({ cluster, paths, inside });

  for (const access of ['rest', 'ssh'] as const) {
    const numbers = doctorScenes.filter((each) => (each.access ?? 'rest') === access).map(({ vmid }) => vmid);
    const { exitCode, report } = await stage.doctor(
      await stage.folder(access, { access }),
      numbers.map(String),
    );
    exitCodes.push(exitCode);
    for (const machine of report.machines) machines.set(machine.vmid, machine);
  }
}, 400_000);

afterAll(async () => {
  await stage?.lab.down();
});

const companionScenes: readonly Pick<DoctorScene, 'vmid' | 'name' | 'template' | 'segment' | 'further'>[] =
  companions;

describe('truename doctor, on guests brought into their state by its real cause', () => {
  it.each(doctorScenes)('$name: $cause', ({ vmid, rules, perhaps = [], firstBroken }) => {
    const machine = machines.get(vmid);

    const counted = (machine?.findings ?? []).filter(
      ({ rule, severity }) => severity !== 'notice' && !perhaps.includes(rule),
    );
    expect(counted.map(({ rule }) => rule).sort(), JSON.stringify(machine, null, 1)).toEqual(
      [...rules].sort(),
    );
    if (firstBroken !== undefined) expect(machine?.firstBroken?.link).toBe(firstBroken);
    expect(machine?.outcome).toBe('findings');
  });

  it('ends with 1', () => {
    expect(exitCodes).toEqual([1, 1]);
  });

  it('proves so each rule for which the index names a cause, and twelve at least', () => {
    const proven = Object.keys(labCauses).filter((id) =>
      doctorScenes.some(({ rules }) => rules.includes(id)),
    );

    expect(proven.length).toBeGreaterThanOrEqual(12);
    expect(allRules.map(({ id }) => id)).toEqual(expect.arrayContaining(proven));
    for (const rule of proven) {
      const found = doctorScenes
        .filter(({ rules }) => rules.includes(rule))
        .map(({ vmid }) => machines.get(vmid)?.findings.some((finding) => finding.rule === rule));
      expect(found, rule).not.toContain(false);
    }
  });

  it('puts what follows from a cause under it', () => {
    const causes = machines.get(801)?.findings.map(({ rule, causedBy }) => [rule, causedBy ?? null]);

    expect(causes).toEqual([
      ['cloud-init-after-network', null],
      ['client-sends-old-name', 'cloud-init-after-network'],
      ['lease-name-is-template', 'cloud-init-after-network'],
    ]);
  });

  it('finds in a bundle, where there is no network and no configuration, what it finds by looking', async () => {
    const folder = await stage.folder('rest', {});
    const file = join(folder, 'odd.bundle.json');

    const { exitCode } = await stage.truename(folder, ['bundle', ...bundled, '--out', file]);
    const live = await stage.doctor(folder, bundled);
    const [first, second] = [await elsewhere(file), await elsewhere(file)];

    expect([exitCode, first.exitCode]).toEqual([0, live.exitCode]);
    expect(first.stdout).toBe(second.stdout);
    const report = JSON.parse(first.stdout) as DoctorReport;
    expect(report.machines.map(timeless)).toEqual(live.report.machines.map(timeless));
  });

  it('finds the same by a bundle with hashed names, in which none of the names is left', async () => {
    const folder = await stage.folder('rest', {});
    const file = join(folder, 'hashed.bundle.json');

    const plain = await stage.truename(folder, ['bundle', ...bundled]);
    const { stdout } = await stage.truename(folder, ['bundle', ...bundled, '--hash-names']);
    await stage.truename(folder, ['bundle', ...bundled, '--hash-names', '--out', file]);

    const blind = JSON.parse((await elsewhere(file)).stdout) as DoctorReport;
    expect(blind.machines.map(rulesOf)).toEqual(bundled.map((vmid) => rulesOf(machines.get(Number(vmid)))));
    const templates = labTemplates.map(({ name }) => name);
    const guests = [...doctorScenes, ...companions].map(({ name }) => name);
    const names = [...templates, ...guests, 'debian13', 'tappaas1', 'tappaas', 'mgmt'];
    expect(names.filter((name) => wordIn(plain.stdout, name)).length).toBeGreaterThan(12);
    expect(names.filter((name) => wordIn(stdout, name))).toEqual([]);
  });
});

/** Guests with a cause of each kind: before the network, in the profile, in the identity, in the declaration, at boot. */
const bundled = ['801', '804', '813', '817', '824', '825'];

/** The diagnosis of a bundle by somebody who has nothing but the file. */
async function elsewhere(file: string): Promise<{ exitCode: number; stdout: string }> {
  const home = await mkdtemp(join(tmpdir(), 'elsewhere-'));
  const result = await execa('unshare', ['--net', ...truenameProgram, 'doctor', '--bundle', file, '--json'], {
    cwd: home,
    env: { HOME: home, PATH: '/usr/bin:/bin' },
    extendEnv: false,
    reject: false,
  });
  await rm(home, { recursive: true });
  return { exitCode: result.exitCode ?? 255, stdout: result.stdout };
}

/** What is found of a machine, without the times of reading, which differ from look to look. */
function timeless({ name, outcome, firstBroken, unseen, findings }: MachineReport): unknown {
  const text = JSON.stringify({ name, outcome, firstBroken, unseen, findings });
  return JSON.parse(text, (key, value) => (key === 'at' ? undefined : value));
}

function wordIn(text: string, name: string): boolean {
  return new RegExp(`(?<![a-z0-9])${name}(?![a-z0-9])`, 'i').test(text);
}

function rulesOf(machine: MachineReport | undefined): string[] {
  return machine?.findings.map(({ rule }) => rule) ?? [];
}
