import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createSimWorld } from '../../sim/world.ts';
import { createTestBench } from './testing.ts';

describe('vectors of the product’s own validator', () => {
  interface Vector {
    readonly method: string;
    readonly path: string;
    readonly params: Readonly<Record<string, unknown>>;
    readonly status: number;
    readonly errors?: Readonly<Record<string, string>>;
  }
  const file = readFileSync(new URL('./schema/validation-vectors.json', import.meta.url), 'utf8');
  const { vectors } = JSON.parse(file) as { vectors: readonly Vector[] };
  const spelled = (value: unknown) => {
    const repeat = (value as { $repeat?: [string, number] } | null)?.$repeat;
    return repeat === undefined ? value : repeat[0].repeat(repeat[1]);
  };

  it.each(vectors.map((vector, index) => [index, vector] as const))(
    '%i, through the API',
    async (_, vector) => {
      const { method, path, status, errors } = vector;
      const params = Object.entries(vector.params).map(([key, value]) => [key, spelled(value)] as const);
      const variables = new Map(params);
      const target = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
        String(variables.get(name) ?? name),
      );
      const inPath = new Set([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      const rest = params.filter(([key]) => !inPath.has(key));
      const bench = createTestBench(createSimWorld([9000]));

      const answer =
        method === 'GET'
          ? await bench.call(
              method,
              `${target}?${new URLSearchParams(Object.fromEntries(rest.map(([key, value]) => [key, String(value)])))}`,
            )
          : await bench.call(method, target, Object.fromEntries(rest));

      const said = (JSON.parse(answer.body) as { errors?: unknown }).errors;
      if (status === 400) expect([answer.status, said]).toEqual([400, errors]);
      else expect(said).toBeUndefined();
    },
  );
});
