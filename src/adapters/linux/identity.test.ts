import { describe, expect, it } from 'vitest';
import { rawValues } from '../../../test/support/raw-values.ts';
import { identityProbe } from './identity.ts';

const uuid = '00112233-4455-6677-8899-aabbccddeeff';
const table = Buffer.concat([
  Buffer.from([1, 27, 0, 1, 0, 0, 0, 0]),
  Buffer.from('33221100554477668899aabbccddeeff', 'hex'),
  Buffer.from([0, 0, 0, 0, 0, 127, 4, 0, 0, 0, 0]),
]);
const raw = {
  'mac.1': 'bc:24:11:00:00:01\n',
  'mac.2': '00:00:00:00:00:00\n',
  'mac.3': '80:00:02:08:fe:80:00:00:00:00:00:00:00:00:00:00:00:00:00:01\n',
  uuid: 'FFFFFFFF-0000-4000-8000-000000000001\n',
  boot: '6f4b2f4e-7d0e-4c55-9a53-0f6a3a0d3f11\n',
  clock: '1767268800',
};

describe('the identity of a machine', () => {
  it('is every MAC address, uuid, boot id and clock', () => {
    expect(identityProbe.parse(rawValues(raw))).toEqual({
      macs: ['bc:24:11:00:00:01', '00:00:00:00:00:00'],
      uuid: 'ffffffff-0000-4000-8000-000000000001',
      bootId: '6f4b2f4e-7d0e-4c55-9a53-0f6a3a0d3f11',
      clock: '2026-01-01T12:00:00.000Z',
    });
  });

  it('goes by the table of the firmware before the digest of the kernel', () => {
    const dmi = table.toString('base64');

    expect(identityProbe.parse(rawValues({ ...raw, dmi })).uuid).toBe(uuid);
    expect(identityProbe.parse(rawValues({ ...raw, dmi: 'AAAA' })).uuid).toMatch(/^ffffffff/);
  });

  it('has no uuid where the machine shows none', () => {
    const { uuid: _, ...without } = raw;

    expect(identityProbe.parse(rawValues(without))).not.toHaveProperty('uuid');
  });

  it.each([{ clock: 'soon' }, { clock: '9'.repeat(20) }])('is not understood with the clock %j', (odd) => {
    expect(() => identityProbe.parse(rawValues({ ...raw, ...odd }))).toThrow(RangeError);
  });
});
