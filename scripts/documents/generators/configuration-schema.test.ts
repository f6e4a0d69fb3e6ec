import { describe, expect, it } from 'vitest';
import { configurationJsonSchema } from '../../../src/config/json-schema.ts';
import { configurationSchemaFile, withoutCase } from './configuration-schema.ts';

/** Every pattern that the schema holds at any depth. */
function patternsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key === 'pattern' && typeof child === 'string' ? [child] : patternsIn(child),
  );
}

describe('configurationSchemaFile', () => {
  it('is the schema itself, patterns apart', () => {
    const written = JSON.parse(configurationSchemaFile());

    expect(written).toEqual(withoutCase(configurationJsonSchema()));
    expect(written.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(Object.keys(written.properties)).toContain('segments');
  });

  it('keeps short lists on one line and groups on lines of their own', () => {
    expect(configurationSchemaFile()).toMatch(/"required": \["domain", "dhcpServer", "resolvers"\]/);
    expect(configurationSchemaFile()).toMatch(/"segments": \{\n/);
  });
});

describe('withoutCase', () => {
  it('makes every pattern take capitals', () => {
    const patterns = patternsIn(withoutCase(configurationJsonSchema()));

    expect(patterns.length).toBeGreaterThan(0);
    expect(patterns.filter((pattern) => /(?<!A-Z)a-z/.test(pattern))).toEqual([]);
  });

  it('leaves other patterns and other texts as they are', () => {
    const schema = { pattern: '^[A-Za-z_]$', description: 'a-z', items: { pattern: '^[a-z]$' } };

    expect(withoutCase(schema)).toEqual({ ...schema, items: { pattern: '^[A-Za-z]$' } });
  });
});
