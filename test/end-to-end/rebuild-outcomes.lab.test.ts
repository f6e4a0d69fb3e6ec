import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { killProcess, processesInside } from '../../lab/network.ts';
import { linkState, openStage, type Stage } from './stage.ts';

const guest = { vmid: 695, name: 'gamma' };

let stage: Stage;
let folder: string;

beforeAll(async () => {
  stage = await openStage();
  folder = await stage.folder('outcomes', {});
  await stage.clone(9001, guest.vmid, guest.name, 'mgmt');
}, 300_000);

afterAll(async () => {
  await stage?.lab.down();
});

/** A system of the guest's, with something of its own in it. */
function system(text: string, more = ''): string {
  return `{ imports = [ /etc/nixos/plain.nix ]; networking.hostName = "gamma"; environment.etc."which".text = "${text}"; ${more} }\n`;
}

const rebuild = (nix: string, extra: readonly string[] = []) =>
  stage.rebuild(folder, guest.name, guest.vmid, nix, extra);

const which = async () => (await stage.inGuest(guest.vmid, 'cat /etc/which')).trim();

/** Runs while a switch takes its time, as soon as its unit is there. */
async function duringSwitch(work: () => Promise<unknown>): Promise<void> {
  const unit = 'systemctl is-active nixos-rebuild-switch-to-configuration.service || true';
  const deadline = performance.now() + 60_000;
  while (!/^activ/.test(await stage.inGuest(guest.vmid, unit))) {
    if (performance.now() > deadline) throw new Error('no switch was begun');
    await delay(100);
  }
  await work();
}

/** An activation that takes some seconds, whatever becomes of who started it. */
const slow = (seconds: number) => `system.activationScripts.slow = "sleep ${seconds}";`;

describe('a build', () => {
  it('keeps all that it said in a file, for its owner alone', async () => {
    const { exitCode, report } = await rebuild(system('first'));

    expect(exitCode, JSON.stringify(report.error)).toBe(0);
    const text = await stage.lab.controller.run([
      'sh',
      '-c',
      `stat -c %a "$1" && cat "$1"`,
      'sh',
      report.log ?? '',
    ]);
    expect(text.stdout).toMatch(/^600\n[\s\S]*building the system configuration/);
  });

  it('that fails is tried again, and then shown with its last lines and where all of them are', async () => {
    const broken = `environment.etc."broken".source = builtins.derivation { name = "broken"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo it-broke-here >&2; exit 3" ]; };`;

    const { exitCode, report } = await rebuild(system('broken', broken));

    expect([exitCode, report.error?.code]).toEqual([1, 'build-failed']);
    expect(report.error?.message).toContain('it-broke-here');
    expect(report.notes.filter(({ text }) => text.includes('trying again'))).toHaveLength(2);
    const log = await stage.lab.controller.run(['grep', '-c', 'it-broke-here', report.log ?? '']);
    expect(Number(log.stdout)).toBeGreaterThanOrEqual(3);
    expect(await which()).toBe('first');
  }, 120_000);
});

describe('an activation', () => {
  it('of which some units fail is in force, and that is said', async () => {
    const unit = `systemd.services.fails = { wantedBy = [ "multi-user.target" ]; script = "exit 1"; serviceConfig.Type = "oneshot"; };`;

    const { exitCode, report } = await rebuild(system('units', unit));

    expect(exitCode, JSON.stringify(report.error)).toBe(0);
    expect(report.steps.find(({ step }) => step === 'build')?.result).toContain('units-failed');
    expect(await which()).toBe('units');
  });

  it('that fails is taken back where that is wanted, and the run has failed all the same', async () => {
    const before = await stage.inGuest(guest.vmid, 'readlink -f /run/current-system');
    const fails = `system.activationScripts.fails = "exit 1";`;

    const { exitCode, report } = await rebuild(system('fails', fails), ['--rollback-on-failure']);

    expect([exitCode, report.error?.code]).toEqual([1, 'activation-failed']);
    expect(report.notes.map(({ text }) => text)).toContain('the system of before is in force again');
    const after = 'readlink -f /run/current-system /nix/var/nix/profiles/system';
    expect(await stage.inGuest(guest.vmid, after)).toBe(`${before}${before}`);
  });

  it('that may not happen under the running system is left to the next boot', async () => {
    const { exitCode, report } = await rebuild(system('release', 'system.nixos.release = "26.05";'));
    const again = await rebuild(
      system('inhibited', 'system.nixos.release = "26.05"; system.switch.inhibitors.test = "b";'),
    );

    expect(exitCode, JSON.stringify(report.error)).toBe(0);
    expect(again.exitCode, JSON.stringify(again.report.error)).toBe(0);
    const third = await rebuild(
      system('other', 'system.nixos.release = "26.05"; system.switch.inhibitors.test = "c";'),
    );

    expect(third.exitCode, JSON.stringify(third.report.error)).toBe(0);
    expect(third.report.notes.map(({ text }) => text).join()).toContain('the one of the next boot');
    expect(third.report.steps.find(({ step }) => step === 'reboot')?.failed).toBe(false);
    expect(linkState(third.report, 'lease')).toBe('right');
    expect(await which()).toBe('other');
  }, 180_000);
});

describe('a session that ends in the midst of a switch', () => {
  it('is opened anew, and the switch that went on without it counts', async () => {
    const running = rebuild(system('went-on', slow(8)));
    await duringSwitch(async () => {
      const { namespace } = await stage.lab.controller.place();
      for (const pid of await processesInside(namespace.name)) {
        const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();
        if (name === 'ssh') killProcess(pid);
      }
    });

    const { exitCode, report } = await running;

    expect(exitCode, JSON.stringify(report.error)).toBe(0);
    expect(report.notes.map(({ text }) => text).join()).toContain('session into the guest was lost');
    expect(report.steps.find(({ step }) => step === 'build')?.result).toContain('switched');
    expect(await which()).toBe('went-on');
  }, 180_000);
});

describe('two runs in one guest', () => {
  it('are none: the second says who works there, and changes nothing', async () => {
    const first = rebuild(system('two', slow(4)));
    let second: Awaited<ReturnType<typeof rebuild>> | undefined;
    await duringSwitch(async () => {
      second = await rebuild(system('two', slow(4)));
    });

    expect((await first).exitCode).toBe(0);
    expect([second?.exitCode, second?.report.error?.code]).toEqual([1, 'busy']);
    expect(second?.report.error?.message).toMatch(/works on it since 20/);
  }, 120_000);
});

describe('a VM that is stopped while its system is built', () => {
  it('is said to be off, and the next run finishes the work', async () => {
    const running = rebuild(system('stopped', slow(20)));
    await duringSwitch(() => stage.cluster.power(guest.vmid, 'stop'));

    const { exitCode, report } = await running;

    expect([exitCode, report.error?.code], JSON.stringify(report.error)).toEqual([1, 'guest-off']);
    const again = await rebuild(system('stopped'));
    expect(again.exitCode, JSON.stringify(again.report.error)).toBe(0);
    expect(await which()).toBe('stopped');
  }, 180_000);
});
