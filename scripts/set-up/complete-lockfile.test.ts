import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { missingPlatforms } from './complete-lockfile.mjs';

const tool = { version: '1.0.0', dev: true, optionalDependencies: { 'tool-linux-x64-musl': '1.0.0' } };

describe('missingPlatforms', () => {
  it('makes an entry for a platform that is not locked', () => {
    const entry = {
      version: '1.0.0',
      cpu: ['x64'],
      dev: true,
      libc: ['musl'],
      optional: true,
      os: ['linux'],
    };

    expect(missingPlatforms({ 'node_modules/tool': tool })).toEqual([
      { path: 'node_modules/tool-linux-x64-musl', entry },
    ]);
  });

  it.each(['node_modules/tool-linux-x64-musl', 'node_modules/tool/node_modules/tool-linux-x64-musl'])(
    'sees the entry at %s',
    (path) => {
      expect(missingPlatforms({ 'node_modules/tool': tool, [path]: { version: '1.0.0' } })).toEqual([]);
    },
  );
});

describe.each(['package-lock.json', 'tools/node/package-lock.json'])('%s', (file) => {
  it('names every platform, so that `npm ci` takes it anywhere', () => {
    const { packages } = JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'));

    expect(missingPlatforms(packages)).toEqual([]);
  });
});
