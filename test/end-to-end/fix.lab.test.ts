import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInside } from '../../lab/inside.ts';
import type { FixReport } from '../../src/cli/fix-report.ts';
import { type FixScene, fixScenes } from './fix-scenes.ts';
import { fixedGuest, runFix } from './fix-stage.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let folder = '';
let planned: FixReport;
let first: { exitCode: number; report: FixReport };
let second: { exitCode: number; report: FixReport };

beforeAll(async () => {
  stage = await openStage();
  const { cluster, lab } = stage;
  for (const { template, vmid, name } of fixScenes) await cluster.clone(template, vmid, name, 'lan');
  for (const { vmid } of fixScenes) await stage.booted(vmid);
  const inside = (host: string, script: string) => runInside(lab.paths, host, script);
  await Promise.all(fixScenes.map((scene) => scene.setUp?.({ cluster, paths: lab.paths, inside })));
  folder = await stage.folder('fix', {});
  const words = fixScenes.map(({ vmid }) => String(vmid));
  planned = (await runFix(stage, folder, [...words, '--dry-run'])).report;
  first = await runFix(stage, folder, [...words, '--yes']);
  second = await runFix(stage, folder, words);
}, 400_000);

afterAll(async () => {
  await stage?.lab.down();
});

const cases: [string, FixScene][] = fixScenes.map((scene) => [scene.cause, scene]);

describe('truename fix', () => {
  it.each(cases)('mends by the gentlest step that suffices: %s', (_cause, { vmid, name, outcome, taken }) => {
    const guest = fixedGuest(first.report, vmid);

    expect(
      guest.taken.map(({ remedy }) => remedy.kind),
      JSON.stringify(guest, null, 1),
    ).toEqual(taken);
    expect([guest.outcome, guest.taken.at(-1)?.lease]).toEqual([outcome, name]);
  });

  it('says beforehand what it will begin with, and changes nothing by that', () => {
    const begun = (report: FixReport) =>
      fixScenes.map(({ vmid }) => fixedGuest(report, vmid).planned[0]?.kind);

    expect(begun(planned)).toEqual(fixScenes.map(({ taken }) => taken[0]));
    expect(planned.guests.map(({ taken }) => taken)).toEqual(fixScenes.map(() => []));
  });

  it('ends with 3 where a name will not last', () => {
    expect(first.exitCode).toBe(3);
  });

  it('loses nothing on the way, as far as can be seen from here', () => {
    const away = fixScenes.map(({ vmid }) => {
      const { outage } = fixedGuest(first.report, vmid);
      return outage?.seen === true ? outage.lost : 'not seen';
    });

    expect(away).toEqual(fixScenes.map(() => 0));
  });

  it('has nothing to do the second time', () => {
    for (const { vmid, outcome } of fixScenes) {
      const guest = fixedGuest(second.report, vmid);
      expect([guest.taken, guest.outcome], JSON.stringify(guest, null, 1)).toEqual([
        [],
        outcome === 'mended' ? 'right' : outcome,
      ]);
    }
  });

  it('proves it to the lab’s own look, and keeps it over a boot or says that it does not', async () => {
    for (const { vmid, name } of fixScenes) expect((await stage.lease(vmid, 'mgmt'))?.name).toBe(name);
    await Promise.all(fixScenes.map(({ vmid }) => stage.cluster.power(vmid, 'reboot')));
    for (const { vmid } of fixScenes) await stage.booted(vmid);

    const words = fixScenes.map(({ vmid }) => String(vmid));
    const { report } = await stage.doctor(folder, words);

    for (const { vmid, name, lasts } of fixScenes) {
      const machine = report.machines.find((each) => each.vmid === vmid);
      const states = machine?.links.filter(({ link }) => link === 'lease' || link === 'next-boot');
      const right = states?.every(({ state }) => state === 'right') === true;
      expect([name, right], JSON.stringify(machine, null, 1)).toEqual([name, lasts]);
    }
  }, 200_000);
});
