import { describe, expect, it } from 'vitest';
import type { CloneOptions } from './clone-options.ts';
import { cloneWish } from './clone-request.ts';

const typed: CloneOptions = { from: '9000', timeout: '60' };

describe('what the command line of clone asks for', () => {
  it('is one linked clone, reserved where that can be, and not started', () => {
    expect(cloneWish('web', typed)).toEqual({
      names: ['web'],
      from: '9000',
      disks: 'linked',
      reserve: 'where-possible',
      start: false,
      replace: false,
      rollback: false,
    });
  });

  it.each<[string, Partial<CloneOptions>, object]>([
    ['--node', { node: 'pve2' }, { node: 'pve2' }],
    ['--target', { target: 'pve2' }, { node: 'pve2' }],
    ['--full --storage', { full: true, storage: 'fast' }, { disks: 'full', storage: 'fast' }],
    ['--pool', { pool: 'night' }, { pool: 'night' }],
    ['--segment', { segment: 'srv' }, { segment: 'srv' }],
    ['--vmid', { vmid: '311' }, { vmid: 311 }],
    ['--reserve', { reserve: true }, { reserve: 'must' }],
    ['--no-reserve', { reserve: false }, { reserve: 'never' }],
    ['--nix, which starts it', { nix: './web.nix' }, { start: true }],
    ['--replace --rollback', { replace: true, rollback: true }, { replace: true, rollback: true }],
  ])('is changed by %s', (_, options, expected) => {
    expect(cloneWish('web', { ...typed, ...options })).toMatchObject(expected);
  });

  it('is several by a pattern', () => {
    expect(cloneWish(undefined, { ...typed, count: '3', namePattern: 'web-%02d' }).names).toEqual([
      'web-01',
      'web-02',
      'web-03',
    ]);
  });

  it.each<[string, string | undefined, Partial<CloneOptions>]>([
    ['nothing to be copied', 'web', { from: undefined as never }],
    ['no name', undefined, {}],
    ['a name that is none', 'we_b', {}],
    ['a reserved name', 'wpad', {}],
    ['a storage for disks that stand on those of the template', 'web', { storage: 'fast' }],
    ['two nodes', 'web', { node: 'pve1', target: 'pve2' }],
    ['a node that is none', 'web', { node: 'pve/1' }],
    ['a number that is none', 'web', { vmid: '12' }],
    ['a name and a pattern', 'web', { count: '3', namePattern: 'web-%d' }],
    ['a pattern without a count', undefined, { namePattern: 'web-%d' }],
    ['a count without a pattern', undefined, { count: '3' }],
    ['a pattern that makes one name of all', undefined, { count: '3', namePattern: 'web' }],
  ])('cannot be %s', (_, name, options) => {
    expect(() => cloneWish(name, { ...typed, ...options })).toThrow(
      expect.objectContaining({ code: 'usage' }),
    );
  });
});
