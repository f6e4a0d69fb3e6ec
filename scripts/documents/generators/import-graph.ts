import { type Cruise, cruise } from '../../cruise.ts';

/** The rooms and who imports whom, as a Mermaid flowchart. */
export async function importGraph(): Promise<string> {
  return flowchart(roomImports(await cruise()));
}

/** Pairs of rooms, importer first, each once and in order. */
export function roomImports({ modules }: Pick<Cruise, 'modules'>): (readonly [string, string])[] {
  const pairs = modules.flatMap((module) =>
    module.dependencies.map((dependency) => [roomOf(module.source), roomOf(dependency.resolved)]),
  );
  const keys = pairs
    .filter(([from, to]) => from !== undefined && to !== undefined && from !== to)
    .map(([from, to]) => `${from}\t${to}`);
  return [...new Set(keys)].sort().map((key) => key.split('\t') as [string, string]);
}

/** A Mermaid flowchart of arrows. */
export function flowchart(arrows: readonly (readonly [string, string])[]): string {
  const lines = arrows.map(([from, to]) => `  ${node(from)} --> ${node(to)}`);
  return ['```mermaid', 'flowchart TD', ...lines, '```'].join('\n');
}

/** The room of a file: a folder of src, or a folder beside src. */
function roomOf(path: string): string | undefined {
  const inSource = /^src\/([^/]+)\//.exec(path)?.[1];
  return inSource ?? /^(facades|lab|demo|sim)\//.exec(path)?.[1];
}

// Mermaid takes some plain words, such as "end", for its own.
function node(room: string): string {
  return `${room}_["${room}"]`;
}
