import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makerPrivileges } from '../../lab/templates.ts';

describe('the role that makes guests', () => {
  it('is in the README of the adapter what it is in the tests, each privilege with its reason', () => {
    const readme = new URL('../../src/adapters/proxmox/README.md', import.meta.url);
    const text = readFileSync(readme, 'utf8');

    const role = /pveum role add TruenameMaker --privs "([^"]+)"/.exec(text)?.[1]?.split(' ');

    expect(role).toEqual([...makerPrivileges].sort());
    for (const privilege of makerPrivileges) expect(text).toContain(`| \`${privilege}\` | \``);
  });
});
