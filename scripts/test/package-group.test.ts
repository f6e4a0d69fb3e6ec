import { describe, expect, it } from 'vitest';
import { productionPackages } from './package-group.ts';

describe('productionPackages', () => {
  it('names what is installed with the package, at the top, scoped or not', () => {
    const packages = {
      '': {},
      'node_modules/zod': {},
      'node_modules/@scope/name': {},
      'node_modules/vitest': { dev: true },
      'node_modules/execa/node_modules/inner': {},
    };

    expect(productionPackages(packages)).toEqual(['node_modules/zod', 'node_modules/@scope/name']);
  });
});
