import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smbiosUuid } from '../src/adapters/linux/smbios.ts';
import { smbiosTable } from './smbios.ts';

describe('smbiosTable', () => {
  it('is a table that the product reads back as the same uuid', () => {
    const set = fc.uuid().filter((uuid) => !/^[0f-]+$/.test(uuid));

    fc.assert(fc.property(set, (uuid) => smbiosUuid(smbiosTable(uuid)) === uuid));
  });

  it.each(['', 'not-a-uuid', '00112233-4455-6677-8899-aabbccddee'])('is not made of %j', (text) => {
    expect(() => smbiosTable(text)).toThrow('not a uuid');
  });
});
