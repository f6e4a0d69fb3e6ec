import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { methodSchema, type Parameters, type Value } from './schema.ts';
import { validate } from './validate.ts';

interface Vector {
  readonly method: string;
  readonly path: string;
  readonly params: Parameters;
  readonly status: number;
  readonly errors?: Readonly<Record<string, string>>;
}

const file = readFileSync(new URL('./validation-vectors.json', import.meta.url), 'utf8');
const { vectors } = JSON.parse(file) as { vectors: readonly Vector[] };

function spellOut(value: Value): Value {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const [text, times] = (value as { $repeat: [string, number] }).$repeat;
  return text.repeat(times);
}

describe('validation as the product does it', () => {
  it('has every vector', () => {
    expect(vectors.length).toBe(118);
  });

  it.each(vectors.map((vector, index) => [index, vector] as const))('vector %i', (_index, vector) => {
    const schema = methodSchema(vector.method, vector.path);
    const parameters = Object.fromEntries(
      Object.entries(vector.params).map(([key, value]) => [key, spellOut(value)]),
    );

    const { errors } = validate(
      schema?.parameters ?? { properties: {}, additionalProperties: 0 },
      parameters,
    );

    expect({ ...errors }).toEqual(vector.errors ?? {});
    expect(Object.keys(errors).length === 0 ? 200 : 400).toBe(vector.status);
  });
});

describe('the schema', () => {
  it('writes families out to the last index', () => {
    const properties = methodSchema('POST', '/nodes/{node}/qemu/{vmid}/config')?.parameters.properties;
    expect(properties?.net31).toBeDefined();
    expect(properties?.net32).toBeUndefined();
    expect(properties?.background_delay).toBeDefined();
  });

  it('does not take inherited names for parameters', () => {
    const schema = methodSchema('GET', '/cluster/nextid');
    const { errors } = validate(schema?.parameters ?? { properties: {} }, { constructor: '1' });
    expect(Object.keys(errors)).toEqual(['constructor']);
  });
});
