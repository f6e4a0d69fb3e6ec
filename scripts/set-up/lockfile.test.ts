import { describe, expect, it } from 'vitest';
import { lockfileDifferences } from './lockfile.mjs';

const wanted = {
  packages: {
    '': {},
    'node_modules/zod': { version: '4.6.7', integrity: 'sha512-a' },
    'node_modules/tool-linux-x64': { version: '1.0.0', integrity: 'sha512-b', optional: true },
  },
};

describe('lockfileDifferences', () => {
  it('finds none where the same versions are installed', () => {
    expect(lockfileDifferences(wanted, wanted)).toEqual([]);
  });

  it('takes an absent record of what is installed for nothing installed', () => {
    expect(lockfileDifferences(wanted, undefined)).toEqual(['node_modules/zod']);
  });

  it('lets an optional package for another platform be absent', () => {
    const installed = { packages: { 'node_modules/zod': wanted.packages['node_modules/zod'] } };

    expect(lockfileDifferences(wanted, installed)).toEqual([]);
  });

  it.each([
    ['version', { version: '4.6.6', integrity: 'sha512-a' }],
    ['content', { version: '4.6.7', integrity: 'sha512-other' }],
  ])('names a package that is installed in another %s', (_what, entry) => {
    const installed = { packages: { ...wanted.packages, 'node_modules/zod': entry } };

    expect(lockfileDifferences(wanted, installed)).toEqual(['node_modules/zod']);
  });

  it('names an optional package of another version', () => {
    const other = { version: '0.9.0', integrity: 'sha512-c', optional: true };
    const installed = { packages: { ...wanted.packages, 'node_modules/tool-linux-x64': other } };

    expect(lockfileDifferences(wanted, installed)).toEqual(['node_modules/tool-linux-x64']);
  });
});
