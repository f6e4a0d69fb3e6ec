import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInside } from '../../lab/inside.ts';
import { nodeHost } from '../../lab/segments.ts';
import type { RebuildReport } from '../../src/cli/report.ts';
import type { RunEvent } from '../../src/domain/event.ts';
import { openStage, type Stage } from './stage.ts';
import { watchRun } from './watched-run.ts';

const guest = { vmid: 697, name: 'theta' };
const kernel = 'boot.kernelPackages = pkgs.linuxPackages_latest;';

let stage: Stage;
let folder: string;

beforeAll(async () => {
  stage = await openStage();
  folder = await stage.folder('power', {});
  await stage.clone(9001, guest.vmid, guest.name, 'mgmt');
}, 300_000);

afterAll(async () => {
  await stage?.lab.down();
});

const system = (more = '') =>
  `{ pkgs, ... }: { imports = [ /etc/nixos/plain.nix ]; networking.hostName = "theta"; ${more} }\n`;

const rebuild = (nix: string, extra: readonly string[] = []) =>
  stage.rebuild(folder, guest.name, guest.vmid, nix, extra);

const onNode = (script: string) => runInside(stage.lab.paths, 'node', script);

const bootId = () => stage.inGuest(guest.vmid, 'cat /proc/sys/kernel/random/boot_id');

describe('a VM that a task of the cluster has locked', () => {
  it('is left at once where nobody wants to wait, and waited for where somebody does', async () => {
    await onNode(`qm set ${guest.vmid} --lock backup`);

    const left = await rebuild(system(), ['--wait-lock', '0']);
    let unlocked = 0;
    const { exitCode, report } = await watchRun<RunEvent, RebuildReport>(stage.lab, {
      folder,
      words: ['rebuild', guest.name, String(guest.vmid), nodeHost.name, `${guest.name}.nix`],
      async onEvent(event) {
        if (event.type !== 'note' || !event.text.includes('locked (backup)')) return;
        unlocked += 1;
        await onNode(`qm set ${guest.vmid} --delete lock --skiplock 1`);
      },
    });

    expect([left.exitCode, left.report.error?.code]).toEqual([1, 'vm-locked']);
    expect(exitCode, JSON.stringify(report?.error)).toBe(0);
    expect(unlocked).toBe(1);
  });
});

describe('a system that needs a reboot', () => {
  it('is built, and its reboot left to a person where that is wanted', async () => {
    const before = await bootId();

    const { exitCode, report } = await rebuild(system(kernel), ['--no-reboot']);

    expect([exitCode, report.outcome, report.error?.code]).toEqual([3, 'not-proven', 'reboot-needed']);
    expect(await bootId()).toBe(before);
  });

  it('is rebooted by the next run, which builds nothing, and says what the hypervisor changes by the way', async () => {
    const before = await bootId();
    await onNode(`qm set ${guest.vmid} --memory 1024`);

    const { exitCode, report } = await rebuild(system(kernel));

    expect(exitCode, JSON.stringify(report.error)).toBe(0);
    expect(report.steps.find(({ step }) => step === 'build')?.result).toContain('already');
    expect(report.notes.map(({ text }) => text).join('\n')).toMatch(/new cloud-init disc; .*memory/);
    expect(await bootId()).not.toBe(before);
  });
});
