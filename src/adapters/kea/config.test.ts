import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { keaSchema } from './config.ts';

const schema = keaSchema({ ssh: z.object({ host: z.string() }), secret: z.string(), file: z.string() });
const ssh = { host: 'kea' };
const url = 'https://kea:8000';

describe('the keys of a Kea', () => {
  it('have the paths of Debian', () => {
    expect(schema.parse({ type: 'kea', ssh })).toEqual({
      type: 'kea',
      ssh,
      socket: '/run/kea/kea4-ctrl-socket',
      socket6: '/run/kea/kea6-ctrl-socket',
      configurationFile: '/etc/kea/kea-dhcp4.conf',
      ipv6: false,
    });
  });

  it.each([
    ['no way to it', {}],
    ['two ways', { ssh, url }],
    ['a user without a password', { url, user: 'u' }],
    ['a password without a user', { url, password: 'env:P' }],
    ['a password in the address', { url: 'https://u:p@kea' }],
    ['a user with a colon', { url, user: 'a:b', password: 'env:P' }],
    ['both trusts', { url, ca: './ca.pem', fingerprint: Array(32).fill('AA').join(':') }],
    ['a socket that is no path', { ssh, socket: 'kea4' }],
  ])('are refused with %s', (_what, keys) => {
    expect(schema.safeParse({ type: 'kea', ...keys }).success).toBe(false);
  });

  it('may name the control agent', () => {
    expect(schema.safeParse({ type: 'kea', url, user: 'u', password: 'env:P' }).success).toBe(true);
  });
});
