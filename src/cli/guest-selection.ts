import type { Command } from 'commander';
import { TruenameError } from '../domain/error.ts';
import { hasFilter, type Selection } from '../observe/select-guests.ts';

/** Options by which a command takes many guests, as commander reads them. */
export interface SelectionOptions {
  readonly all?: true;
  readonly tag?: string;
  readonly node?: string;
  readonly pool?: string;
}

/** Adds them. */
export function addSelectionOptions(command: Command): Command {
  return command
    .option('--all', 'every guest of the hypervisor')
    .option('--tag <tag>', 'every guest with this tag')
    .option('--node <node>', 'every guest on this node')
    .option('--pool <pool>', 'every guest in this pool');
}

/** The guests that a command line is about. Nobody is never everybody. */
export function selectionOf(
  words: readonly string[],
  options: SelectionOptions,
  command: 'fix' | 'reserve' | 'release' | 'guest install' | 'guest uninstall',
): Selection {
  const { all = false, tag, node, pool } = options;
  const selection: Selection = {
    words,
    all,
    ...(tag === undefined ? {} : { tag }),
    ...(node === undefined ? {} : { node }),
    ...(pool === undefined ? {} : { pool }),
  };
  if (words.length > 0 || hasFilter(selection)) return selection;
  throw new TruenameError('usage', 'no guest is named', {
    hint: `truename ${command} <guest…>, or --all, --tag T, --node N, --pool P. Add --dry-run to look first.`,
  });
}
