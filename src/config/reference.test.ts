import { describe, expect, it } from 'vitest';
import { configurationJsonSchema } from './json-schema.ts';
import { type JsonSchema, keysAt } from './key-path.ts';
import { configurationReference } from './reference.ts';

/** Every key name that the schema holds at any depth. */
function namesIn(schema: JsonSchema): string[] {
  const { properties = {}, additionalProperties: element, items, oneOf = [] } = schema;
  const below = [...Object.values(properties), ...oneOf];
  if (typeof element === 'object') below.push(element);
  if (items !== undefined) below.push(items);
  return [...Object.keys(properties), ...below.flatMap(namesIn)];
}

describe('configurationReference', () => {
  it('has a row with a meaning for every key of the schema', () => {
    const rows = configurationReference()
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.split(' | '));

    for (const name of namesIn(configurationJsonSchema())) {
      const row = rows.find(([key]) => new RegExp(`[.\`]${name}\`$`).test(key ?? ''));
      expect(row, name).toBeDefined();
      expect(row?.[3]?.trim(), name).not.toBe('');
    }
  });

  it('shows type, default, meaning and example', () => {
    expect(configurationReference()).toContain(
      '| `resolvers.<name>.port` | 1 to 65535 | `53` | UDP and TCP port. | `53` |',
    );
  });
});

describe('configurationJsonSchema', () => {
  it('is closed: every group of fixed keys refuses others', () => {
    const open = JSON.stringify(configurationJsonSchema(), (_key, value: JsonSchema) =>
      value?.properties !== undefined && value.additionalProperties !== false ? 'OPEN' : value,
    );

    expect(open).not.toContain('OPEN');
  });
});

describe('keysAt', () => {
  it('walks groups, lists and variants', () => {
    const schema = configurationJsonSchema();

    expect(keysAt(schema, ['resolvers', 'any'])).toEqual(['type', 'address', 'port']);
    expect(keysAt(schema, ['hypervisors', 'any', 'token'])).toEqual(['id', 'secret']);
    expect(keysAt(schema, ['guests', 0, 'match'])).toContain('tag');
    expect(keysAt(schema, ['nowhere'])).toEqual([]);
  });
});
