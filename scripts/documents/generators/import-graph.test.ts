import { describe, expect, it } from 'vitest';
import { flowchart, roomImports } from './import-graph.ts';

const module = (source: string, ...targets: string[]) => ({
  source,
  dependencies: targets.map((resolved) => ({ resolved })),
});

describe('roomImports', () => {
  it('joins files into rooms, each pair once, libraries and own room left out', () => {
    const modules = [
      module('src/plan/a.ts', 'src/domain/name.ts', 'src/plan/b.ts'),
      module('src/plan/b.ts', 'src/domain/mac.ts', 'node_modules/zod/index.js', 'fs'),
      module('lab/world.ts', 'facades/proxmox/world.ts'),
    ];

    expect(roomImports({ modules })).toEqual([
      ['lab', 'facades'],
      ['plan', 'domain'],
    ]);
  });
});

describe('flowchart', () => {
  it('is a Mermaid block', () => {
    expect(flowchart([['plan', 'domain']])).toBe(
      '```mermaid\nflowchart TD\n  plan_["plan"] --> domain_["domain"]\n```',
    );
  });
});
