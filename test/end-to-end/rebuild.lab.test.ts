import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkout } from '../../lab/paths.ts';
import { nodeHost } from '../../lab/segments.ts';
import { linkState, openStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
}, 300_000);

afterAll(async () => {
  await stage?.lab.down();
});

const alpha = '{ imports = [ /etc/nixos/ensure-profiles.nix ]; networking.hostName = "alpha"; }\n';

describe('rebuild of a clone with a declared profile, by the conventions of TAPPaaS', () => {
  it('leases as the template before', async () => {
    const lease = await stage.clone(9000, 610, 'alpha', 'mgmt');

    expect(lease.name).toBe('tappaas-nixos');
  });

  it('changes nothing in a dry run', async () => {
    const folder = await stage.folder('conventions');

    const { exitCode, report } = await stage.rebuild(folder, 'alpha', 610, alpha, ['--dry-run']);

    expect(exitCode, JSON.stringify(report.error)).toBe(0);
    expect(report.outcome).toBe('planned');
    expect(report.proof?.proven).toBe(false);
    expect((await stage.lease(610, 'mgmt'))?.name).toBe('tappaas-nixos');
    expect(await stage.inGuest(610, 'ls /etc/nixos')).not.toContain('alpha.nix');
  });

  it('is proven, and no other interface is taken for the guest’s', async () => {
    const folder = await stage.folder('conventions');
    await stage.inGuest(
      610,
      'ip link add docker0 type bridge && ip address add 172.17.0.1/16 dev docker0 && ip link set docker0 up',
    );

    const { exitCode, report } = await stage.rebuild(folder, 'alpha', 610, alpha);

    expect(exitCode, JSON.stringify(report.error)).toBe(0);
    expect(report.outcome).toBe('proven');
    expect(report.address).toMatch(/^10\.2\.10\./);
    expect(report.remedies.map((remedy) => remedy.kind)).toEqual(['refresh-static-name']);
    expect(linkState(report, 'reverse')).toBe('right');
    expect((await stage.lease(610, 'mgmt'))?.name).toBe('alpha');
    expect((await stage.inGuest(610, 'uname -n')).trim()).toBe('alpha');
  });

  it('does nothing twice, under the name that people’s scripts call', async () => {
    const folder = await stage.folder('conventions');
    const state =
      'nmcli -g GENERAL.CON-UUID device show eth0; nmcli -t -f DHCP4 device show eth0 | grep expiry';
    const before = await stage.inGuest(610, state);

    const program = [process.execPath, '--no-warnings', join(checkout, 'src/cli/rebuild-nixos.ts')];
    const ran = await stage.lab.controller.run(
      [...program, 'alpha', '610', nodeHost.name, './alpha.nix', '--json'],
      { cwd: folder },
    );

    expect(ran.exitCode, ran.stderr).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({ outcome: 'proven', remedies: [] });
    expect(await stage.inGuest(610, state)).toBe(before);
  });

  it('declares the VM’s name above a configuration that names another machine, and says so', async () => {
    const folder = await stage.folder('conventions');

    const { exitCode, report } = await stage.rebuild(
      folder,
      'alpha',
      610,
      alpha.replace('"alpha"', '"omega"'),
    );

    expect(exitCode, JSON.stringify(report.error)).toBe(0);
    expect(report.notes.map(({ text }) => text).join()).toContain('the host name omega');
    expect((await stage.lease(610, 'mgmt'))?.name).toBe('alpha');
    expect((await stage.inGuest(610, 'cat /etc/hostname')).trim()).toBe('alpha');
  });

  it('builds it as it is where that is wanted, and does not call that proven', async () => {
    const folder = await stage.folder('conventions');
    const nix = alpha.replace('"alpha"', '"omega"');

    const { exitCode, report } = await stage.rebuild(folder, 'alpha', 610, nix, ['--keep-declared-name']);

    expect([exitCode, report.outcome]).toEqual([3, 'not-proven']);
    expect((await stage.inGuest(610, 'cat /etc/hostname')).trim()).toBe('omega');
  });

  it('shows why a configuration does not evaluate', async () => {
    const folder = await stage.folder('conventions');

    const { exitCode, report } = await stage.rebuild(
      folder,
      'alpha',
      610,
      '{ networking.hostNam = "alpha"; }\n',
    );

    expect(exitCode).toBe(1);
    expect(report.error?.code).toBe('evaluation-failed');
    expect(report.error?.message).toContain('networking.hostNam');
  });

  it('reboots for a new kernel, and believes the new boot only', async () => {
    const folder = await stage.folder('conventions');
    const before = await stage.inGuest(610, 'cat /proc/sys/kernel/random/boot_id');
    const newer = alpha.replace(
      '{ imports',
      '{ pkgs, ... }: { boot.kernelPackages = pkgs.linuxPackages_latest; imports',
    );

    const { exitCode, report } = await stage.rebuild(folder, 'alpha', 610, newer);

    expect(exitCode, JSON.stringify(report.error)).toBe(0);
    expect(report.steps.find((step) => step.step === 'reboot')?.failed).toBe(false);
    expect(report.outcome).toBe('proven');
    expect(await stage.inGuest(610, 'cat /proc/sys/kernel/random/boot_id')).not.toBe(before);
    expect((await stage.lease(610, 'mgmt'))?.name).toBe('alpha');
  });
});

describe('rebuild with a configuration file', () => {
  it('builds at the controller, for a guest with the automatic profile in the other segment', async () => {
    const folder = await stage.folder('rest', {});
    const granted = await stage.clone(9001, 611, 'beta', 'srv');
    const plain = join(checkout, 'lab/nix/template/plain.nix');
    const nix = `{ imports = [ ${plain} ]; networking.hostName = "beta"; }\n`;

    const { exitCode, report } = await stage.rebuild(folder, 'beta', 611, nix, ['--build-on', 'controller']);

    expect(granted.name).toBe('tappaas-nixos');
    expect(exitCode, JSON.stringify(report.error)).toBe(0);
    expect(report.fqdn).toBe('beta.srv.internal');
    expect((await stage.lease(611, 'srv'))?.name).toBe('beta');
    expect(linkState(report, 'reverse')).toBe('unserved');
    expect(await stage.inGuest(611, 'ls /etc/nixos')).not.toContain('beta.nix');
  });

  it('takes a stale name out of an inherited keyfile, and says what cloud-init complained about', async () => {
    const folder = await stage.folder('rest', {});
    await stage.clone(9002, 612, 'gamma', 'mgmt');

    const { exitCode, report } = await stage.rebuild(
      folder,
      'gamma',
      612,
      '{ imports = [ /etc/nixos/set-hostname.nix ]; networking.hostName = "gamma"; }\n',
    );

    expect(exitCode, JSON.stringify(report.error)).toBe(0);
    expect(report.remedies[0]).toMatchObject({ kind: 'clear-profile-name', stale: 'tappaas-nixos' });
    expect(report.notes.some((note) => note.step === 'cloud-init')).toBe(true);
    const keyfile = await stage.inGuest(
      612,
      'cat /etc/NetworkManager/system-connections/ethernet.nmconnection',
    );
    expect(keyfile).toContain('uuid=6d0c8a52-1f3b-4e8e-9a5e-6b1c2f7d9e01');
    expect(keyfile).not.toContain('dhcp-hostname');
  });

  it('starts a VM that is off', async () => {
    const folder = await stage.folder('rest', {});
    await stage.cluster.power(612, 'stop');

    const { exitCode, report } = await stage.rebuild(
      folder,
      'gamma',
      612,
      '{ imports = [ /etc/nixos/set-hostname.nix ]; networking.hostName = "gamma"; }\n',
    );

    expect(exitCode, JSON.stringify(report.error)).toBe(0);
    expect(report.steps.find((step) => step.step === 'start')?.result).toBe('started');
    expect(report.outcome).toBe('proven');
  });

  it('refuses a template, another name, and a number that nobody has', async () => {
    const folder = await stage.folder('rest', {});
    const nix = '{ }\n';

    const template = await stage.rebuild(folder, 'tappaas-nixos', 9000, nix);
    const name = await stage.rebuild(folder, 'delta', 612, nix);
    const number = await stage.rebuild(folder, 'delta', 699, nix);

    expect([template, name, number].map((ran) => [ran.exitCode, ran.report.error?.code])).toEqual([
      [1, 'vm-is-template'],
      [1, 'vm-name-differs'],
      [1, 'not-found'],
    ]);
  });
});
