import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guestFolder } from '../../lab/disk.ts';
import type { CloneReport } from '../../src/cli/clone-report.ts';
import { inventoryOf, wholeOf } from './clone-inventory.ts';
import { openStage, type Stage } from './stage.ts';

const template = 'debian13-networkd';
const many = ['--from', template, '--vmid', '300', '--count', '50', '--name-pattern', 'web-%02d'];
let stage: Stage;
let folder: string;

beforeAll(async () => {
  stage = await openStage();
  folder = await stage.folder('many', { token: 'maker' });
}, 300_000);

afterAll(() => stage?.lab.down());

async function clone(...words: readonly string[]): Promise<{ exitCode: number; report: CloneReport }> {
  const { exitCode, stdout, stderr } = await stage.truename(folder, ['clone', ...words, '--json']);
  if (stdout === '') throw new Error(`it ended with ${exitCode}:\n${stderr}`);
  return { exitCode, report: JSON.parse(stdout) };
}

/** The disk of a VM of this number cannot be made while something else lies in its place. */
async function blockDisk(vmid: number): Promise<() => Promise<void>> {
  const place = guestFolder(stage.lab.paths, vmid);
  await mkdir(dirname(place), { recursive: true });
  await writeFile(place, '');
  return () => rm(place);
}

const failedOf = ({ clones }: CloneReport) =>
  clones.filter(({ outcome }) => outcome === 'failed').map(({ name, vmid }) => `${vmid} ${name}`);
const namesIn = (guests: readonly string[]) => guests.map((line) => line.split(' ')[1]);

describe('fifty clones of which one fails', () => {
  it('are made but for that one, listed, and finished by the same command in no further write', async () => {
    const unblock = await blockDisk(322);

    const { exitCode, report } = await clone(...many);

    expect([exitCode, failedOf(report)]).toEqual([1, ['322 web-23']]);
    expect(report.clones.filter(({ outcome }) => outcome === 'made')).toHaveLength(49);
    expect(report.clones[22]?.error).toMatchObject({ code: 'command-failed' });
    expect(report.servers.map(({ writes }) => writes)).toEqual([1]);
    await unblock();
    const left = await inventoryOf(stage);
    expect(left.guests).toHaveLength(49);
    expect(left.reservations).toHaveLength(50);

    const again = await clone(...many);

    expect([again.exitCode, failedOf(again.report)]).toEqual([0, []]);
    expect(again.report.clones.filter(({ continued }) => continued)).toHaveLength(49);
    expect(again.report.servers.reduce((sum, { writes }) => sum + writes, 0)).toBe(0);
    const inventory = await inventoryOf(stage);
    expect(inventory).toMatchObject(wholeOf(inventory));
    expect(namesIn(inventory.guests)).toEqual(again.report.clones.map(({ name }) => name));
    // Who was there is there with the MAC address that it had.
    expect(inventory.guests).toEqual(expect.arrayContaining([...left.guests]));
  });

  it('are taken away with --rollback, and nothing else is', async () => {
    await clone('roll-2', '--from', template, '--vmid', '401');
    const before = await inventoryOf(stage);
    const unblock = await blockDisk(404);

    const words = ['--from', template, '--vmid', '400', '--count', '6', '--name-pattern', 'roll-%d'];
    const { exitCode, report } = await clone(...words, '--rollback');

    await unblock();
    expect(exitCode).toBe(1);
    expect(report.clones.map(({ outcome }) => outcome)).toEqual(
      ['roll-1', 'roll-2', 'roll-3', 'roll-4', 'roll-5', 'roll-6'].map((name) =>
        name === 'roll-2' ? 'made' : 'rolled-back',
      ),
    );
    expect(await inventoryOf(stage)).toEqual(before);
  });
});
