import { TruenameError } from '../domain/error.ts';
import { type Hostname, isReservedName, parseHostname } from '../domain/name.ts';
import { mostNames, namesOfPattern } from '../domain/name-pattern.ts';
import type { CloneOrder } from '../provision/clone/context.ts';
import type { CloneOptions } from './clone-options.ts';
import { wholeNumber } from './site-options.ts';

/** What the command line asks for, beside what only the site knows. */
export type CloneWish = Omit<CloneOrder, 'run' | 'policy'>;

/** Throws `usage` for what cannot be meant. */
export function cloneWish(name: string | undefined, options: CloneOptions): CloneWish {
  const { from, full, storage, pool, segment, vmid } = options;
  if (from === undefined) {
    throw new TruenameError('usage', 'nothing says what is to be copied', {
      hint: 'Add --from with the number or the name of a template.',
    });
  }
  if (storage !== undefined && full !== true) {
    throw new TruenameError('usage', '--storage says nothing to disks that stand on those of the template', {
      hint: 'Add --full.',
    });
  }
  const node = nodeOf(options);
  return {
    names: namesOf(name, options),
    from,
    ...(vmid === undefined ? {} : { vmid: vmidOf(vmid) }),
    ...(node === undefined ? {} : { node }),
    disks: full === true ? 'full' : 'linked',
    ...(storage === undefined ? {} : { storage }),
    ...(pool === undefined ? {} : { pool }),
    ...(segment === undefined ? {} : { segment }),
    reserve: reserving(options.reserve),
    start: options.start === true || options.nix !== undefined,
    replace: options.replace === true,
    rollback: options.rollback === true,
  };
}

function reserving(said: boolean | undefined): CloneWish['reserve'] {
  if (said === undefined) return 'where-possible';
  return said ? 'must' : 'never';
}

/** Proxmox VE's own bounds (pve-common JSONSchema.pm, pve-vmid). */
function vmidOf(text: string): number {
  if (/^[1-9]\d{2,8}$/.test(text)) return Number(text);
  throw new TruenameError('usage', `${text} is no VM number`, {
    hint: 'A VM number has three to nine digits.',
  });
}

function nodeOf({ node, target }: CloneOptions): string | undefined {
  if (node !== undefined && target !== undefined && node !== target)
    throw new TruenameError('usage', '--node and --target name two nodes');
  const named = node ?? target;
  if (named === undefined) return undefined;
  const label = parseHostname(named);
  if (label !== undefined) return label;
  throw new TruenameError('usage', `${named} is no node name`, {
    hint: 'Name the node as the cluster does.',
  });
}

function namesOf(name: string | undefined, { count, namePattern }: CloneOptions): readonly Hostname[] {
  if (count === undefined && namePattern === undefined) return [oneName(name)];
  if (name !== undefined) {
    throw new TruenameError('usage', 'a name and a pattern of names are given', {
      hint: 'Several are named by --name-pattern alone.',
    });
  }
  if (count === undefined || namePattern === undefined)
    throw new TruenameError('usage', '--count and --name-pattern belong together');
  const made = namesOfPattern(namePattern, wholeNumber('--count', count, mostNames));
  if ('names' in made) return made.names;
  throw new TruenameError('usage', made.why, { hint: 'Such as --count 20 --name-pattern web-%02d.' });
}

function oneName(text: string | undefined): Hostname {
  if (text === undefined) {
    throw new TruenameError('usage', 'no name is given', { hint: 'truename clone web --from 9000' });
  }
  const name = parseHostname(text);
  if (name !== undefined && !isReservedName(name)) return name;
  throw new TruenameError('usage', `${text} cannot be a host name`, {
    hint: 'Letters, digits and inner hyphens, 63 at most, and none of localhost, wpad, isatap.',
  });
}
