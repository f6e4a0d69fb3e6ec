import { describe, expect, it } from 'vitest';
import { hostKeysProbe } from './host-keys.ts';

const key = `ssh-ed25519 ${'A'.repeat(68)}`;

describe('hostKeysProbe', () => {
  it('reads the keys of all files, without their comments', () => {
    const values = new Map([
      ['1', `${key} root@nixos\n`],
      ['2', 'no key at all\n'],
    ]);

    expect(hostKeysProbe.parse(values)).toEqual([key]);
  });

  it('knows none where there is none', () => {
    expect(hostKeysProbe.parse(new Map())).toEqual([]);
  });
});
