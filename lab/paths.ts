import { join } from 'node:path';

/** Cached trees, shared by all labs and checkouts of a machine; each in a folder named after its recipe. */
export const treesRoot = '/var/cache/truename-lab';

/** One folder a living lab, and what crashed ones left. */
export const labsRoot = '/var/lib/truename-lab';

/** Where network namespaces have their names (ip-netns(8)). */
export const namespacesRoot = '/run/netns';

/** The checkout that this lab runs from. */
export const checkout = join(import.meta.dirname, '..');

/** Files of one lab. */
export interface LabPaths {
  readonly id: string;
  readonly root: string;
  readonly description: string;
  readonly key: string;
  readonly log: (name: string) => string;
  readonly host: (name: string) => string;
}

/** The files of the lab with this id; nothing is created. */
export function labPaths(id: string): LabPaths {
  const root = join(labsRoot, id);
  return {
    id,
    root,
    description: join(root, 'lab.json'),
    key: join(root, 'id_ed25519'),
    log: (name) => join(root, 'log', `${name}.log`),
    host: (name) => join(root, 'host', name),
  };
}
