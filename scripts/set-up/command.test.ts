import { describe, expect, it } from 'vitest';
import { childEnvironment } from './command.mjs';

describe('childEnvironment', () => {
  it('puts the chosen Node first and keeps the rest', () => {
    const environment = childEnvironment('/opt/node/bin/node', { PATH: '/usr/bin:/sbin', HOME: '/root' });

    const path = environment.PATH?.split(':') ?? [];
    expect(path[0]).toBe('/opt/node/bin');
    expect(path[1]).toMatch(/\/node_modules\/\.bin$/);
    expect(path.slice(2)).toEqual(['/usr/bin', '/sbin', '/usr/local/sbin', '/usr/sbin']);
    expect(environment.HOME).toBe('/root');
  });
});
