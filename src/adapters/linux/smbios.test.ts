import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smbiosUuid } from './smbios.ts';

const uuid = '00112233-4455-6677-8899-aabbccddeeff';
/** The first three fields are little-endian. */
const stored = Buffer.from('33221100554477668899aabbccddeeff', 'hex');

function structure(type: number, body: Buffer, strings = '\0\0'): Buffer {
  return Buffer.concat([Buffer.from([type, body.length + 4, 0, type]), body, Buffer.from(strings, 'latin1')]);
}

function system(bytes: Buffer): Buffer {
  return structure(1, Buffer.concat([Buffer.alloc(4), bytes, Buffer.alloc(3)]), 'QEMU\0\0');
}

const firmware = structure(0, Buffer.alloc(20), 'SeaBIOS\0rel-1.16\0\0');
const end = structure(127, Buffer.alloc(0));

describe('smbiosUuid', () => {
  it('finds the uuid behind other structures', () => {
    expect(smbiosUuid(Buffer.concat([firmware, system(stored), end]))).toBe(uuid);
  });

  it.each([
    ['all zeros', Buffer.alloc(16, 0)],
    ['all ones', Buffer.alloc(16, 255)],
  ])('takes %s for none', (_what, bytes) => {
    expect(smbiosUuid(Buffer.concat([system(bytes), end]))).toBeUndefined();
  });

  it('looks no further than the end mark', () => {
    expect(smbiosUuid(Buffer.concat([end, system(stored)]))).toBeUndefined();
  });

  it('finds none in a table without system information, or in one of SMBIOS 2.0', () => {
    expect(smbiosUuid(Buffer.concat([firmware, end]))).toBeUndefined();
    expect(smbiosUuid(Buffer.concat([structure(1, Buffer.alloc(4)), end]))).toBeUndefined();
    expect(smbiosUuid(Buffer.alloc(0))).toBeUndefined();
  });

  it('finds none, or the right one, in a table that was cut anywhere', () => {
    const table = Buffer.concat([firmware, system(stored), end]);

    for (let length = 0; length <= table.length; length += 1) {
      expect([undefined, uuid]).toContain(smbiosUuid(table.subarray(0, length)));
    }
  });

  it('comes to an end with any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(smbiosUuid(Buffer.from(bytes)) ?? uuid).toMatch(/^[0-9a-f-]{36}$/);
      }),
    );
  });
});
