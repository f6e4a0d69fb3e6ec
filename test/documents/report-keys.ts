import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/set-up/project.mjs';

/** Every key of a JSON document, such as `steps[].seconds`. */
export function keysOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => keysOf(item, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const own = path === '' ? key : `${path}.${key}`;
    return [own, ...keysOf(child, own)];
  });
}

/** The keys in the first column of a document's tables. */
export function documentedKeys(document: string): string[] {
  const text = readFileSync(join(root, document), 'utf8');
  return [...text.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] as string);
}
