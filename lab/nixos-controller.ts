import { chmod, copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from './command.ts';
import { writePortableConfiguration } from './configuration.ts';
import type { Controller, ControllerOptions, ControllerResult } from './controller.ts';
import { checkout, type LabPaths } from './paths.ts';

/**
 * The controller as NixOS has it: at fixed places only `/bin/sh` and `/usr/bin/env`, all else in the store and found by
 * PATH; an ordinary user, and Truename's package (nix/package.nix) as a link in `~/bin`. The network is the controller's.
 */
export interface NixosController {
  /** Its root folder, as the machine sees it; the store is mounted there only while a program runs. */
  readonly tree: string;
  /** The user's folder with a truename.yaml, as the machine sees it. */
  readonly site: string;
  /** Where what `nix/package.nix` names as its `openssh` is, in the store. */
  readonly openssh: string;
  /** Runs a program there as the user, in that folder or another one below the root. */
  run(
    program: readonly string[],
    options?: Pick<ControllerOptions, 'env' | 'cwd'>,
  ): Promise<ControllerResult>;
}

const user = { id: 1000, name: 'admin', home: 'home/admin' };

/** As NixOS puts it together where `environment.homeBinInPath` is set. */
const searchPath = [
  `/${user.home}/bin`,
  '/run/wrappers/bin',
  `/${user.home}/.nix-profile/bin`,
  '/nix/var/nix/profiles/default/bin',
  '/run/current-system/sw/bin',
].join(':');

/** What is there before anything is installed. */
const folders = ['bin', 'usr/bin', 'nix/store', 'proc', 'dev', 'sys', 'tmp', 'etc', 'run/current-system'];

/** `$1` the tree, `$2` the user's number, then what env(1) is given. What is mounted is gone with the last process. */
const enterTree = `set -eu
mount --bind /nix/store "$1/nix/store"
mount -o remount,bind,ro "$1/nix/store"
mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
mount --rbind /sys "$1/sys"
tree=$1 id=$2
shift 2
exec chroot --userspec="$id:$id" "$tree" /usr/bin/env -i "$@"`;

/**
 * Builds what is in its store by real Nix out of `lab/nixos-controller`, and lays the tree out. `truenamePackage` is the
 * package.nix of a folder with `dist` in it.
 */
export async function makeNixosController(
  { paths, controller }: { readonly paths: LabPaths; readonly controller: Controller },
  truenamePackage: string,
): Promise<NixosController> {
  const [truename, systemPath, openssh] = await build(controller, truenamePackage);
  const tree = join(paths.root, 'controller/nixos');
  for (const folder of folders) await mkdir(join(tree, folder), { recursive: true });
  await chmod(join(tree, 'tmp'), 0o1777);
  await symlink(`${systemPath}/bin/sh`, join(tree, 'bin/sh'));
  await symlink(`${systemPath}/bin/env`, join(tree, 'usr/bin/env'));
  await symlink(systemPath, join(tree, 'run/current-system/sw'));
  await writeAccounts(paths, tree);
  const site = await writeHome(paths, tree, truename);
  const environment = [`HOME=/${user.home}`, `USER=${user.name}`, `PATH=${searchPath}`];
  return {
    tree,
    site,
    openssh,
    async run(program, { cwd = `/${user.home}/site` } = {}) {
      const entering = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', enterTree, 'sh', tree];
      const inside = [String(user.id), '-C', cwd, ...environment, ...program];
      return controller.run([...entering, ...inside]);
    },
  };
}

/** Paths in the store, in the order of the type. */
async function build(
  controller: Controller,
  truenamePackage: string,
): Promise<[truename: string, systemPath: string, openssh: string]> {
  const node = ['--argstr', 'node', process.execPath, '--argstr', 'nodeVersion', process.versions.node];
  const given = [...node, '--arg', 'package', truenamePackage];
  const wanted = ['-A', 'truename', '-A', 'systemPath', '-A', 'openssh'];
  const expression = join(checkout, 'lab/nixos-controller');
  const built = await controller.run(['nix-build', expression, '--no-out-link', ...given, ...wanted]);
  const [truename, systemPath, openssh] = built.stdout.split('\n');
  if (built.exitCode !== 0 || truename === undefined || systemPath === undefined || openssh === undefined)
    throw new Error(`the store of the NixOS-like controller could not be built:\n${built.stderr}`);
  return [truename, systemPath, openssh];
}

async function writeAccounts(paths: LabPaths, tree: string): Promise<void> {
  const etc = join(tree, 'etc');
  const shell = '/run/current-system/sw/bin/bash';
  await writeFile(join(etc, 'passwd'), `${user.name}:x:${user.id}:${user.id}::/${user.home}:${shell}\n`);
  await writeFile(join(etc, 'group'), `${user.name}:x:${user.id}:\n`);
  await writeFile(join(etc, 'hosts'), '127.0.0.1 localhost\n');
  await writeFile(join(etc, 'nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files dns\n');
  await copyFile(join(paths.root, 'controller/resolv.conf'), join(etc, 'resolv.conf'));
}

/** The user's home with the lab's key and known hosts, the link to the package, and a folder to work in. */
async function writeHome(paths: LabPaths, tree: string, truename: string): Promise<string> {
  const home = join(tree, user.home);
  const site = join(home, 'site');
  for (const folder of ['bin', '.ssh', 'site']) await mkdir(join(home, folder), { recursive: true });
  for (const name of ['truename', 'rebuild-nixos.sh'])
    await symlink(`${truename}/bin/${name}`, join(home, 'bin', name));
  await copyFile(paths.key, join(home, '.ssh/id_ed25519'));
  await copyFile(join(paths.root, 'controller/ssh/known_hosts'), join(home, '.ssh/known_hosts'));
  await writePortableConfiguration(paths, site);
  await command('chown', ['-R', `${user.id}:${user.id}`, home]);
  return site;
}
