import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { endpoints } from './registry.ts';

describe('the registry', () => {
  it('serves every method of the schema, and nothing else', () => {
    const text = readFileSync(new URL('../schema/pve-api.json', import.meta.url), 'utf8');
    const { paths } = JSON.parse(text) as { paths: Readonly<Record<string, object>> };
    const published = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(Object.keys(endpoints).sort()).toEqual(published.sort());
  });
});
