import { createHmac } from 'node:crypto';
import type { Bundle } from './bundle.ts';
import { isNameField, isTextField } from './name-fields.ts';

/** Names that mean the same everywhere, and would only make a bundle harder to read. */
const kept = new Set(['localhost', 'localdomain', 'wpad', 'isatap', 'internal', 'local', 'arpa']);

/**
 * The bundle with keyed hashes in place of names, the same hash for the same name whatever its case. What makes a
 * name legal or not stays: dots, hyphens, underscores, and whether a label is too long. Known names are
 * replaced in sentences and paths too; addresses, MAC addresses and uuids stay.
 */
export function hashNames(bundle: Bundle, key: Buffer): Bundle {
  const names = new Set<string>();
  walk(bundle.machines, [], (value, path) => {
    if (isNameField(path)) collect(value, names);
    return value;
  });
  const pattern = patternOf(names);
  const machines = walk(bundle.machines, [], (value, path) => {
    if (isNameField(path)) return hashed(value, key);
    if (!isTextField(path) || pattern === undefined) return value;
    return value.replace(pattern, (name) => hashed(name, key));
  });
  return { ...bundle, namesHashed: true, machines: machines as Bundle['machines'] };
}

/** A name, and each label of it: either may stand in a sentence. */
function collect(value: string, names: Set<string>): void {
  for (const part of [value, ...value.split('.')]) {
    const name = part.toLowerCase();
    // A number or a letter alone would tear addresses and words of the sentence apart.
    if (name.length > 2 && name.length < 254 && /[a-z]/.test(name) && !kept.has(name)) names.add(name);
  }
}

/** Any of the names as a whole word; the longest first, so that a full name is one. */
function patternOf(names: ReadonlySet<string>): RegExp | undefined {
  if (names.size === 0) return undefined;
  const sorted = [...names].sort((left, right) => right.length - left.length);
  const words = sorted.map((name) => name.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`));
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join('|')})(?![\\p{L}\\p{N}])`, 'giu');
}

/** Each run of letters and digits becomes a hash of its own; a run that is too long for a label stays so. */
function hashed(value: string, key: Buffer): string {
  return value.replace(/[\p{L}\p{N}]+/gu, (run) => {
    const lower = run.toLowerCase();
    if (kept.has(lower)) return lower;
    const digest = `x${createHmac('sha256', key).update(lower).digest('hex').slice(0, 12)}`;
    return run.length > 63 ? digest.padEnd(run.length, 'x') : digest;
  });
}

/** A copy in which each string is what `change` makes of it. */
function walk(
  value: unknown,
  path: readonly string[],
  change: (text: string, path: readonly string[]) => string,
): unknown {
  if (typeof value === 'string') return change(value, path);
  if (Array.isArray(value)) return value.map((each) => walk(each, [...path, '*'], change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, walk(each, [...path, name], change)]),
  );
}
