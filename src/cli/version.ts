import { readFileSync } from 'node:fs';

/** What the package says of itself, as far as it is used. */
interface Manifest {
  readonly version: string;
  readonly engines: { readonly node: string };
}

/** The version of this truename, as its package says. */
export function version(): string {
  return manifest().version;
}

/** The oldest Node that it runs on, as its package says: two numbers, such as `22.19`. */
export function oldestNode(): string {
  return manifest().engines.node.replace(/^>=/, '');
}

function manifest(): Manifest {
  const path = new URL('../../package.json', import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as Manifest;
}
