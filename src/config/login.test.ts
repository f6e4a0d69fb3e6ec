import { describe, expect, it } from 'vitest';
import type { GuestSummary } from '../domain/guest.ts';
import { loginOf } from './login.ts';

function login(name: string | undefined, pattern: string) {
  const guest: GuestSummary = {
    ref: { hypervisor: 'pve', node: 'pve1', vmid: 100 },
    kind: 'vm',
    power: 'running',
    template: true,
    tags: [],
    ...(name === undefined ? {} : { name }),
  };
  return loginOf(guest, [{ match: { name: pattern, template: true }, user: 'found' }], (path) => path).user;
}

describe('loginOf', () => {
  it.each([
    ['web-1', 'web-1'],
    ['web-1', '*'],
    ['WEB-1', 'web-*'],
    ['web-1-blue', 'web-*-blue'],
    ['web-a-b-c-blue', 'web-*b*blue'],
    ['aXa', 'a*a'],
    ['a.b', 'a.b'],
  ])('finds %s by %s', (name, pattern) => {
    expect(login(name, pattern)).toBe('found');
  });

  it.each([
    ['web-1', 'web'],
    ['a', 'a*a'],
    ['web-x', 'web-*y*x'],
    ['axb', 'a.b'],
    [undefined, '*'],
  ])('does not find %s by %s', (name, pattern) => {
    expect(login(name, pattern)).toBe('tappaas');
  });

  it('is quick whatever the pattern', () => {
    expect(login(`${'a'.repeat(200)}b`, `${'*a'.repeat(100)}*c`)).toBe('tappaas');
  });
});
