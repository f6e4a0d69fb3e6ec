import type { Parameters } from './api-client.ts';

/** A command line taken apart. */
export interface Words {
  readonly positional: readonly string[];
  readonly options: Parameters;
  /** What stands after `--`. */
  readonly rest: readonly string[];
}

/** Options that are booleans: they alone may stand without a value. */
const booleans = new Set([
  'autostart',
  'ciupgrade',
  'current',
  'decode',
  'destroy-unreferenced-disks',
  'encode',
  'force',
  'forceStop',
  'full',
  'human-readable',
  'keep-env',
  'keepActive',
  'kvm',
  'noproxy',
  'numa',
  'onboot',
  'overrule-shutdown',
  'pass-stdin',
  'protection',
  'purge',
  'quiet',
  'skiplock',
  'synchronous',
  'tablet',
  'template',
]);

/**
 * `--key value`, `--key=value` or `-key value` are options, repeated ones become arrays. A boolean without a
 * value reads 1; any other option takes the next word, even one with a dash.
 * Source: pve-common PVE/JSONSchema.pm `get_options`; Getopt::Long, "Summary of Option Specifications".
 */
export function takeApart(words: readonly string[]): Words {
  const positional: string[] = [];
  const options: Record<string, string | string[]> = {};
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word === '--') return { positional, options, rest: words.slice(index + 1) };
    const option = /^--?([a-zA-Z][\w-]*)(?:=(.*))?$/s.exec(word);
    if (option === null) {
      positional.push(word);
      continue;
    }
    const [, name = '', inline] = option;
    const takesNext = inline === undefined && takesValue(name, words[index + 1]);
    if (takesNext) index += 1;
    add(options, name, inline ?? (takesNext ? (words[index] ?? '') : '1'));
  }
  return { positional, options, rest: [] };
}

function takesValue(name: string, next: string | undefined): boolean {
  return next !== undefined && (!booleans.has(name) || !next.startsWith('-'));
}

function add(options: Record<string, string | string[]>, key: string, value: string): void {
  const before = options[key];
  if (before === undefined) options[key] = value;
  else options[key] = [...(typeof before === 'string' ? [before] : before), value];
}

/** One option as text; undefined when it was not given. */
export function option(words: Words, name: string): string | undefined {
  const value = words.options[name];
  return typeof value === 'string' || value === undefined ? value : value.at(-1);
}

/** All options but these. */
export function without(options: Parameters, names: readonly string[]): Parameters {
  return Object.fromEntries(Object.entries(options).filter(([key]) => !names.includes(key)));
}
