import { resolve } from 'node:path';
import { TruenameError } from '../domain/error.ts';
import { type Hostname, isReservedName, parseHostname } from '../domain/name.ts';
import type { RebuildRequest } from '../provision/rebuild/context.ts';
import type { RebuildOptions } from './rebuild-options.ts';
import { wholeNumber } from './site-options.ts';

/** The arguments of `truename rebuild`, as they were typed. */
export interface RebuildWords {
  readonly vmname: string;
  readonly vmid: string;
  readonly node: string;
  readonly file: string | undefined;
}

/** What the command line asks for; throws `usage` for what cannot be meant. */
export function requestOf(
  { vmname, vmid, node, file }: RebuildWords,
  options: RebuildOptions,
): RebuildRequest {
  const name = nameOf(vmname);
  // Proxmox VE's own bounds (pve-common JSONSchema.pm, pve-vmid).
  if (!/^[1-9]\d{2,8}$/.test(vmid)) {
    throw new TruenameError('usage', `${vmid} is no VM number`, {
      hint: 'A VM number has three to nine digits.',
    });
  }
  const lockMs = wholeNumber('--wait-lock', options.waitLock, 86_400, 0) * 1000;
  return {
    name,
    vmid: Number(vmid),
    node: nodeOf(node),
    ...sourceOf(name, file, options),
    ...(options.nixpkgs === undefined ? {} : { nixpkgs: nixpkgsOf(options.nixpkgs) }),
    buildOn: options.buildOn,
    keepDeclaredName: options.keepDeclaredName === true,
    rollbackOnFailure: options.rollbackOnFailure === true,
    lockMs,
    mayReboot: options.reboot,
    dryRun: options.dryRun === true,
    takeName: options.takeName === true,
  };
}

/** A VM may be called by a full name at the hypervisor: its guest's host name is the part before the first dot. */
function nameOf(vmname: string): Hostname {
  const labels = vmname.split('.').map(parseHostname);
  const [name] = labels;
  if (name !== undefined && !labels.includes(undefined) && !isReservedName(name)) return name;
  throw new TruenameError('usage', `${vmname} cannot be a host name`, {
    hint: 'Letters, digits and inner hyphens, 63 at most, and none of localhost, wpad, isatap.',
  });
}

/** The first label of the node's name: who gives the full one means the same node. */
function nodeOf(node: string): string {
  const labels = node.split('.').map(parseHostname);
  const [label] = labels;
  if (label !== undefined && !labels.includes(undefined)) return label;
  throw new TruenameError('usage', `${node} is no node name`, {
    hint: 'Name the node as the cluster does.',
  });
}

function sourceOf(
  name: Hostname,
  file: string | undefined,
  { flake, nixpkgs, buildOn }: RebuildOptions,
): Pick<RebuildRequest, 'configuration' | 'flake'> {
  if (flake === undefined) {
    if (buildOn === 'target') mustBeNobodysFile(name);
    return { configuration: resolve(file ?? `${name}.nix`) };
  }
  if (file !== undefined) {
    throw new TruenameError('usage', 'a configuration file and a flake are given', {
      hint: 'Give one of them.',
    });
  }
  if (nixpkgs !== undefined) {
    throw new TruenameError('usage', '--nixpkgs says nothing to a flake', {
      hint: 'Its lock file names its packages.',
    });
  }
  const [folder = '', system = name, ...more] = flake.split('#');
  // What stands in an attribute path without an escape; a name with other characters is nobody's host.
  if (folder === '' || more.length > 0 || !/^[A-Za-z0-9_-]{1,63}$/.test(system)) {
    throw new TruenameError('usage', `--flake ${flake} is no FOLDER#NAME`, {
      hint: 'A folder with a flake.nix on this machine, and the name of one of its nixosConfigurations.',
    });
  }
  return { configuration: resolve(folder), flake: system };
}

/** In the guest the configuration is `/etc/nixos/NAME.nix`, and some are there already; throws `usage` for these. */
export function mustBeNobodysFile(name: Hostname): void {
  if (!['configuration', 'hardware-configuration', 'flake'].includes(name.toLowerCase())) return;
  throw new TruenameError('usage', `a VM called ${name} would have its /etc/nixos/${name}.nix overwritten`, {
    hint: 'Build it on this machine (--build-on controller), or give the VM another name.',
  });
}

function nixpkgsOf(text: string): string {
  if (/^(?:\/|https:\/\/|channel:|flake:)[^\s\p{Cc}]+$/u.test(text)) return text;
  throw new TruenameError('usage', `--nixpkgs ${text} is neither an absolute path nor a URL`, {
    hint: 'Such as /nix/var/nix/profiles/per-user/root/channels/nixos, or https://… of a tarball.',
  });
}
