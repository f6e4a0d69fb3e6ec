import { access, chmod, mkdir, mkdtemp, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const scripts = path.join(import.meta.dirname, '../../nix/guest');
let root: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'guest-scripts-'));
  await put('proc/sys/kernel/hostname', 'tappaas-nixos\n');
  await put('proc/cmdline', 'quiet\n');
  await put('sys/class/dmi/id/product_uuid', 'one\n');
  await put('etc/hostname', 'tappaas-nixos\n');
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(file: string, text: string) {
  const full = path.join(root, file);
  await mkdir(path.dirname(full), { recursive: true });
  await writeFile(full, text);
}
const read = (file: string) => readFile(path.join(root, file), 'utf8');

/** One boot's run of the script on the fixture tree; `mount` is played, as not every kernel mounts discs. */
function boot(shell: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const [command = 'sh', ...before] = shell;
  return execa(command, [...before, path.join(scripts, 'hostname.sh')], {
    env: {
      TRUENAME_ROOT: root,
      TRUENAME_DISCS: '',
      TRUENAME_TEMPLATE_NAMES: 'tappaas-nixos',
      PATH: `${path.join(root, 'bin')}:${process.env.PATH}`,
      ...environment,
    },
    timeout: 20_000,
    reject: false,
  });
}

/** A real disc image, and a `mount` that lays the same files out where the script wants them. */
async function disc(name: string, userData: string, label = 'cidata') {
  await put(`${name}/user-data`, userData);
  await put(`${name}/meta-data`, 'instance-id: 1\n');
  const image = path.join(root, `${name}.iso`);
  await execa('genisoimage', ['-quiet', '-J', '-R', '-V', label, '-o', image, path.join(root, name)]);
  await put('bin/mount', `#!/bin/sh\nfor last; do :; done\ncp ${path.join(root, name)}/* "$last"\n`);
  await put('bin/umount', '#!/bin/sh\nrm -f "$1"/*\n');
  await chmod(path.join(root, 'bin/mount'), 0o755);
  await chmod(path.join(root, 'bin/umount'), 0o755);
  return image;
}

describe.each([
  ['dash', ['dash']],
  ['busybox sh', ['busybox', 'sh']],
] as const)('%s', (_name, shell) => {
  it.each([
    ['proc/cmdline', 'quiet truename.hostname=alpha\n', 'cmdline'],
    ['proc/cmdline', 'quiet systemd.hostname=alpha.mgmt.internal\n', 'cmdline'],
    ['proc/cmdline', 'quiet ds=nocloud;i=1;h=alpha\n', 'cmdline'],
    ['run/credentials/@system/truename.hostname', 'alpha', 'credential'],
    ['sys/class/dmi/id/product_serial', 'ds=nocloud;h=alpha\n', 'smbios'],
    ['sys/firmware/dmi/entries/11-0/raw', 'x\0io.systemd.credential:truename.hostname=alpha\0\0', 'smbios'],
  ])('takes the name from %s', async (file, text, origin) => {
    await put(file, text);

    const { exitCode, stderr } = await boot(shell);

    expect(exitCode).toBe(0);
    expect(stderr).toContain(`the host name is alpha, from ${origin}`);
    expect(await read('proc/sys/kernel/hostname')).toBe('alpha\n');
    expect(await read('etc/hostname')).toBe('alpha\n');
  });

  it.each([
    ['hostname', '#cloud-config\nhostname: alpha\nfqdn: other.example\n'],
    ['quotes and a comment', '#cloud-config\nhostname: "alpha" # of the clone\n'],
    ['fqdn', '#cloud-config\r\nfqdn: alpha.example\r\n'],
  ])('takes %s from a seed disc', async (_case, userData) => {
    const image = await disc('seed', userData);

    const { stderr } = await boot(shell, { TRUENAME_DISCS: image });

    expect(stderr).toContain('the host name is alpha, from seed');
  });

  it.each([
    ['a command', '#cloud-config\nhostname: $(reboot)\n'],
    ['backquotes', '#cloud-config\nhostname: `reboot`\n'],
    ['a path', '#cloud-config\nhostname: ../../etc/passwd\n'],
    ['an option', '#cloud-config\nhostname: --help\n'],
    ['an empty label', '#cloud-config\nhostname: a..b\n'],
    ['a block', '#cloud-config\nhostname: |\n  alpha\n'],
    ['an alias', '#cloud-config\nhostname: *name\n'],
    ['two names', '#cloud-config\nhostname: alpha\nhostname: beta\n'],
    ['64 characters', `#cloud-config\nhostname: ${'a'.repeat(64)}\n`],
    ['no end of line and no end', `#cloud-config hostname: ${'a'.repeat(3_000_000)}`],
    ['a script', '#!/bin/sh\nhostname: alpha\n'],
  ])('takes nothing from a seed disc with %s', async (_case, userData) => {
    const image = await disc('seed', userData);

    const { exitCode } = await boot(shell, { TRUENAME_DISCS: image });

    expect(exitCode).toBe(0);
    expect(await read('proc/sys/kernel/hostname')).toBe('tappaas-nixos\n');
    expect(await read('etc/hostname')).toBe('tappaas-nixos\n');
  });

  it('takes neither of two seed discs, and says so', async () => {
    const one = await disc('one', '#cloud-config\nhostname: alpha\n');
    const two = await disc('two', '#cloud-config\nhostname: beta\n');

    const { stderr } = await boot(shell, { TRUENAME_DISCS: `${one} ${two}` });

    expect(stderr).toContain('more than one seed disc');
    expect(await read('proc/sys/kernel/hostname')).toBe('tappaas-nixos\n');
  });

  it('takes nothing from a disc with another label', async () => {
    const image = await disc('seed', '#cloud-config\nhostname: alpha\n', 'other');

    const { stderr } = await boot(shell, { TRUENAME_DISCS: image });

    expect(stderr).toContain('no source has a name');
  });

  it('keeps the last name for the same firmware only', async () => {
    await put('proc/cmdline', 'truename.hostname=alpha\n');
    await boot(shell);
    await put('proc/cmdline', 'quiet\n');

    const same = await boot(shell);
    await put('sys/class/dmi/id/product_uuid', 'two\n');
    const clone = await boot(shell);

    expect(same.stderr).toContain('the host name is alpha, from last');
    expect(clone.stderr).toContain('no source has a name');
  });

  it('ends a search that does not end, and leaves everything as it is', async () => {
    await put('bin/mount', '#!/bin/sh\nexec sleep 30\n');
    const image = await disc('seed', '#cloud-config\nhostname: alpha\n');
    await put('bin/mount', '#!/bin/sh\nexec sleep 30\n');

    const { exitCode, stderr } = await boot(shell, { TRUENAME_DISCS: image });

    expect(exitCode).toBe(0);
    expect(stderr).toContain('took longer than 3 s');
  });

  it('removes a dhcp-hostname of the template, and no other', async () => {
    const folder = 'etc/NetworkManager/system-connections';
    await put(`${folder}/a.nmconnection`, '[ipv4]\ndhcp-hostname=tappaas-nixos\nmethod=auto\n');
    await put(`${folder}/b.nmconnection`, '[ipv4]\ndhcp-hostname=chosen\nmethod=auto\n');
    await put('proc/cmdline', 'truename.hostname=alpha\n');

    await boot(shell);

    expect(await read(`${folder}/a.nmconnection`)).toBe('[ipv4]\nmethod=auto\n');
    expect(await read(`${folder}/b.nmconnection`)).toBe('[ipv4]\ndhcp-hostname=chosen\nmethod=auto\n');
  });

  it.each([
    ['no file', undefined],
    ['a file that cloud-init left', 'template\n'],
  ])('has hostnamed say the name where /etc is declared and /etc/hostname is %s', async (_case, left) => {
    await put('etc/static/os-release', 'ID=nixos\n');
    if (left === undefined) await rm(path.join(root, 'etc/hostname'));
    else await put('etc/hostname', left);
    await put('proc/cmdline', 'truename.hostname=alpha\n');

    await boot(shell);
    await boot(shell);

    expect(await read('run/truename/hostnamed.env')).toBe('SYSTEMD_ETC_HOSTNAME=/run/truename/hostname\n');
    expect(await read('run/truename/hostname')).toBe('alpha\n');
    expect(await readlink(path.join(root, 'etc/hostname'))).toBe('/run/truename/hostname');
  });

  it('leaves a declared /etc/hostname alone', async () => {
    await put('etc/static/hostname', 'declared\n');
    await rm(path.join(root, 'etc/hostname'));
    await symlink('/etc/static/hostname', path.join(root, 'etc/hostname'));
    await put('proc/cmdline', 'truename.hostname=alpha\n');

    await boot(shell);

    expect(await readlink(path.join(root, 'etc/hostname'))).toBe('/etc/static/hostname');
  });

  it.each([
    ['says', 'no', 'has its template', 'abc\n'],
    ['replaces', 'yes', 'was given its own', '00112233\n'],
  ])('%s that a clone kept the machine-id', async (_case, reset, said, machineId) => {
    await put('etc/machine-id', 'abc\n');
    await put('var/lib/truename/machine', 'template abc\n');
    await put('proc/sys/kernel/random/uuid', '0011-2233\n');

    const { stderr } = await boot(shell, { TRUENAME_RESET_MACHINE_ID: reset });

    expect(stderr).toContain(said);
    expect(await read('etc/machine-id')).toBe(machineId);
  });
});

describe('install.sh', () => {
  it('installs into a tree, is the same the second time, and takes all of it away', async () => {
    const run = (...more: string[]) =>
      execa('sh', [path.join(scripts, 'install.sh'), '--root', root, ...more]);
    await run('--dry-run');
    await expect(access(path.join(root, 'usr'))).rejects.toThrow();

    await run();
    await run();
    expect(await read('etc/truename/guest.conf')).toContain('TRUENAME_TEMPLATE_NAMES="tappaas-nixos"');
    await access(path.join(root, 'usr/local/lib/truename/find-name.sh'));

    await run('--uninstall');
    await expect(access(path.join(root, 'usr/local/lib/truename/hostname.sh'))).rejects.toThrow();
  });
});
