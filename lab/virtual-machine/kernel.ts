import { chmod, copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { command } from '../command.ts';
import { checkout } from '../paths.ts';
import { debianArchive, derived, type Say } from '../tree/cache.ts';
import { suite } from '../tree/packages.ts';

/** What a virtual machine is started with, and its disk needs. */
export interface Kernel {
  readonly image: string;
  readonly initrd: string;
  /**
   * What a disk needs of it, to be laid over its root: the modules, and the program by which the kernel loads one that it needs
   * at once (modprobe(8)), such as that of an ISO 9660 file system.
   */
  readonly files: string;
}

const init = join(checkout, 'lab', 'virtual-machine', 'initrd-init');

/** Debian's kernel for virtual machines, with a first program of our own that needs no more than `busybox`, a static one. */
export async function prepareKernel(busybox: string, say: Say): Promise<Kernel> {
  const archive = await debianArchive('kernel', suite, ['linux-image-cloud-amd64'], say, 'extract');
  const make = async (folder: string) => {
    const tree = join(folder, 'tree');
    await mkdir(tree);
    const files = ['usr/lib/modules', 'usr/bin/kmod', 'usr/sbin/modprobe'];
    const wanted = ['./boot', ...files.map((file) => `./${file}`)];
    await command('tar', ['--extract', '--file', archive, '--directory', tree, ...wanted]);
    // depmod(8) looks below `lib`, which the archive's tree has not merged yet.
    await command('ln', ['-s', 'usr/lib', join(tree, 'lib')]);
    const [release] = await readdir(join(tree, 'usr/lib/modules'));
    if (release === undefined) throw new Error(`${archive} holds no kernel modules`);
    await command('depmod', ['-b', tree, release]);
    await command('mv', [join(tree, 'boot', `vmlinuz-${release}`), join(folder, 'vmlinuz')]);
    await command('rm', ['-r', join(tree, 'boot'), join(tree, 'lib')]);
    await command('mv', [tree, join(folder, 'files')]);
    await makeInitrd(folder, release, busybox);
  };
  const folder = await derived(
    { name: 'kernel-with-drives', from: [archive, busybox], inputs: [init], make },
    say,
  );
  return {
    image: join(folder, 'vmlinuz'),
    initrd: join(folder, 'initrd'),
    files: join(folder, 'files'),
  };
}

/** What the initrds of NixOS and Debian load before the root disk is looked for: its driver, and those of the CD drive. */
const early = ['virtio_blk', 'ata_piix', 'sr_mod'];

async function makeInitrd(folder: string, release: string, busybox: string): Promise<void> {
  const tree = join(folder, 'initrd-tree');
  for (const name of ['bin', 'dev', 'proc', 'root']) await mkdir(join(tree, name), { recursive: true });
  await copyFile(busybox, join(tree, 'bin/busybox'));
  await copyFile(init, join(tree, 'init'));
  for (const program of ['bin/busybox', 'init']) await chmod(join(tree, program), 0o755);
  const modules = join(folder, 'files/usr/lib/modules', release);
  const inOrder = loadOrder(await readFile(join(modules, 'modules.dep'), 'utf8'), early);
  for (const packed of inOrder) {
    const { stdout } = await execa('xz', ['--decompress', '--stdout', join(modules, packed)], {
      encoding: 'buffer',
    });
    await writeFile(join(tree, fileOf(packed)), stdout);
  }
  await writeFile(join(tree, 'modules'), inOrder.map((each) => `/${fileOf(each)}\n`).join(''));
  const names = ['.', 'bin', 'bin/busybox', 'dev', 'proc', 'root', 'init', 'modules', ...inOrder.map(fileOf)];
  const archive = await execa('cpio', ['--create', '--format=newc', '--quiet'], {
    cwd: tree,
    input: `${names.join('\n')}\n`,
    encoding: 'buffer',
  });
  await writeFile(join(folder, 'initrd'), archive.stdout);
  await command('rm', ['-rf', tree]);
}

/** Files of modules and of all that they need, each after what it needs itself (modules.dep(5): the nearest first). */
function loadOrder(dependencies: string, wanted: readonly string[]): string[] {
  const lines = dependencies
    .split('\n')
    .map((line) => line.split(/:? /).map((word) => word.replace(/:$/, '')));
  const files = wanted.flatMap((name) => {
    const line = lines.find(([first]) => first?.endsWith(`/${name}.ko.xz`));
    if (line === undefined) throw new Error(`the kernel has no module ${name}`);
    return line.filter((file) => file !== '').reverse();
  });
  return [...new Set(files)];
}

function fileOf(packed: string): string {
  return basename(packed, '.xz');
}
