import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkout } from '../../lab/paths.ts';
import { nodeHost } from '../../lab/segments.ts';
import type { RebuildReport } from '../../src/cli/report.ts';
import { openStage, type Ran, type Stage } from './stage.ts';

const alpha = { vmid: 690, name: 'alpha' };
const beta = { vmid: 691, name: 'beta' };

let stage: Stage;
let folder: string;

beforeAll(async () => {
  stage = await openStage();
  folder = await stage.folder('site', {});
  for (const { vmid, name } of [alpha, beta]) await stage.clone(9001, vmid, name, 'mgmt');
}, 300_000);

afterAll(async () => {
  await stage?.lab.down();
});

async function put(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

async function rebuild(
  { name, vmid }: typeof alpha,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const words = ['rebuild', name, String(vmid), nodeHost.name, ...args, '--json'];
  const { exitCode, stdout, stderr } = await stage.truename(folder, words, undefined, env);
  return { exitCode, stderr, report: JSON.parse(stdout) as RebuildReport };
}

const notesOf = ({ report }: Ran) => report.notes.map(({ text }) => text).join('\n');

describe('a configuration of several files', () => {
  beforeAll(async () => {
    await put({
      'module.nix': `let settings = builtins.fromJSON (builtins.readFile ./module.json);
in { ... }: {
  imports = [ /etc/nixos/plain.nix /etc/nixos/hardware-configuration.nix ./parts ];
  networking.hostName = settings.vmname;
  environment.etc."module".text = builtins.readFile ./parts/motd;
  environment.etc."program".source = ./parts/program.sh;
}
`,
      'module.json': '{ "vmname": "module" }',
      'parts/default.nix': '{ environment.etc."part".text = "part"; }',
      'parts/motd': 'as it travelled',
      'parts/program.sh': '#!/bin/sh\necho ran\n',
      'unrelated.nix': '{ }',
    });
    await chmod(join(folder, 'parts/program.sh'), 0o755);
  });

  it('is listed by a dry run, which sends nothing', async () => {
    const ran = await rebuild(alpha, ['module.nix', '--dry-run']);

    expect(ran.exitCode, JSON.stringify(ran.report.error)).toBe(0);
    expect(notesOf(ran)).toContain(
      'module.nix, module.json, parts/default.nix, parts/motd, parts/program.sh',
    );
    expect(await stage.inGuest(alpha.vmid, 'ls -A /etc/nixos')).not.toMatch(/alpha|truename|hardware/);
  });

  it('travels with what it reads, is given the VM’s name, and the guest’s hardware', async () => {
    const ran = await rebuild(alpha, ['module.nix']);

    expect(ran.exitCode, JSON.stringify(ran.report.error)).toBe(0);
    expect(notesOf(ran)).toContain('declares the host name module');
    expect((await stage.lease(alpha.vmid, 'mgmt'))?.name).toBe('alpha');
    expect(await stage.inGuest(alpha.vmid, 'cat /etc/module /etc/part /etc/hostname')).toMatch(
      /^as it travelled\n?part\n?alpha\n$/,
    );
    expect(await stage.inGuest(alpha.vmid, '/etc/program')).toBe('ran\n');
    const placed = await stage.inGuest(
      alpha.vmid,
      'stat -c "%a %n" /etc/nixos/truename/alpha-*; ls /etc/nixos/hardware-configuration.nix; find /etc/nixos -name "*.new"',
    );
    expect(placed).toMatch(
      /^700 \/etc\/nixos\/truename\/alpha-[0-9a-f]{16}\n\/etc\/nixos\/hardware-configuration.nix\n$/,
    );
  });

  it('can be built by hand afterwards, and comes to the same system', async () => {
    const script = `before=$(readlink -f /run/current-system)
PATH=/run/wrappers/bin:/run/current-system/sw/bin:$PATH nixos-rebuild build --no-flake -I nixos-config=/etc/nixos/alpha.nix >/dev/null 2>&1
[ "$(readlink -f result)" = "$before" ] && echo same; rm -f result`;

    expect((await stage.inGuest(alpha.vmid, script)).trim()).toBe('same');
  });

  it('is neither sent nor built a second time', async () => {
    const ran = await rebuild(alpha, ['module.nix']);

    expect(ran.exitCode, JSON.stringify(ran.report.error)).toBe(0);
    expect(ran.report.steps.find(({ step }) => step === 'build')?.result).toContain('already');
    expect(ran.report.log).toBeNull();
  });

  it('stays what it is where another one does not evaluate', async () => {
    await put({ 'broken.nix': '{ imports = [ /etc/nixos/plain.nix ]; networking.hostName = nonsense; }' });
    const look = 'cat /etc/nixos/alpha.nix; find /etc/nixos -name "*.new"; ls /etc/nixos/truename';
    const before = await stage.inGuest(alpha.vmid, look);

    const ran = await rebuild(alpha, ['broken.nix']);

    expect([ran.exitCode, ran.report.error?.code]).toEqual([1, 'evaluation-failed']);
    expect(await stage.inGuest(alpha.vmid, look)).toBe(before);
  });

  it('stays what it is where the disk is full', async () => {
    await put({ 'big.nix': '{ imports = [ /etc/nixos/plain.nix ./filler.nix ]; }' });
    await put({ 'filler.nix': `{ } # ${'x'.repeat(100_000)}` });
    const small = 'mkdir -p /etc/nixos/truename; mount -t tmpfs -o size=16k tmpfs /etc/nixos/truename';
    await stage.inGuest(alpha.vmid, small);
    const look = 'cat /etc/nixos/alpha.nix';
    const before = await stage.inGuest(alpha.vmid, look);

    const ran = await rebuild(alpha, ['big.nix']);

    expect([ran.exitCode, ran.report.error?.code]).toEqual([1, 'build-failed']);
    expect(ran.report.error?.message).toContain('No space left');
    expect(await stage.inGuest(alpha.vmid, look)).toBe(before);
    await stage.inGuest(alpha.vmid, 'umount /etc/nixos/truename');
  });

  it('takes the JSON that was installed for this VM in place of the module’s', async () => {
    const install = 'mkdir -p ~/config && cat >~/config/alpha.json';
    await stage.lab.controller.run(['sh', '-c', install], { input: '{ "vmname": "alpha" }' });

    const ran = await rebuild(alpha, ['module.nix']);

    expect(ran.exitCode, JSON.stringify(ran.report.error)).toBe(0);
    expect(notesOf(ran)).toMatch(/config\/alpha\.json takes the place of module\.json/);
    expect(notesOf(ran)).not.toContain('declares the host name');
  });

  it('never takes the hardware of the controller', async () => {
    const ran = await rebuild(alpha, ['module.nix', '--build-on', 'controller']);

    expect([ran.exitCode, ran.report.error?.code]).toEqual([1, 'unsupported']);
    expect(ran.report.error?.hint).toContain('--build-on target');
  });

  it('leads nowhere outside of its folder', async () => {
    await put({ 'sub/leads-out.nix': '{ imports = [ ../module.nix ]; }' });

    const ran = await rebuild(alpha, ['sub/leads-out.nix']);

    expect([ran.exitCode, ran.report.error?.code]).toEqual([2, 'configuration-invalid']);
  });
});

describe('a flake', () => {
  beforeAll(async () => {
    await put({
      'flake/flake.nix': `{
  inputs.nixpkgs = { url = "path:/nix/var/nix/profiles/per-user/root/channels/nixos"; flake = false; };
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = import "\${nixpkgs}/nixos" {
      system = "x86_64-linux";
      configuration = { lib, ... }: { imports = [ ./template/plain.nix ]; networking.hostName = "beta"; };
    };
  };
}
`,
    });
    for (const file of ['plain.nix', 'configuration.nix']) {
      await put({
        [`flake/template/${file}`]: await readFile(join(checkout, 'lab/nix/template', file), 'utf8'),
      });
    }
  });

  it('is built by the name of its system', async () => {
    const ran = await rebuild(beta, ['--flake', './flake#web']);

    expect(ran.exitCode, `${JSON.stringify(ran.report.error)}\n${ran.stderr}`).toBe(0);
    expect(ran.report).toMatchObject({ outcome: 'proven', flake: 'web' });
    expect((await stage.lease(beta.vmid, 'mgmt'))?.name).toBe('beta');
  });

  it('has no system of a name that it does not hold', async () => {
    const ran = await rebuild(beta, ['--flake', './flake#other']);

    expect([ran.exitCode, ran.report.error?.code]).toEqual([1, 'evaluation-failed']);
  });
});

describe('a build on the controller', () => {
  it.each(['25.05', '25.11'])(
    'speaks to nixos-rebuild of %s, with packages that were pinned',
    async (release) => {
      const plain = join(checkout, 'lab/nix/template/plain.nix');
      await put({ 'beta.nix': `{ imports = [ ${plain} ]; environment.etc."of".text = "${release}"; }\n` });
      const log = join(folder, `issued-${release}`);

      const ran = await rebuild(
        beta,
        ['beta.nix', '--build-on', 'controller', '--nixpkgs', join(checkout, 'lab/nix/nixpkgs')],
        { NIXOS_REBUILD_PLAYS: release, NIXOS_REBUILD_LOG: log, NIX_PATH: '' },
      );

      expect(ran.exitCode, `${JSON.stringify(ran.report.error)}\n${ran.stderr}`).toBe(0);
      expect(ran.report.outcome).toBe('proven');
      expect(await stage.inGuest(beta.vmid, 'cat /etc/of /etc/hostname')).toMatch(
        new RegExp(`^${release}\n?beta\n$`),
      );
    },
  );
});
