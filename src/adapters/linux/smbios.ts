/**
 * The uuid in an SMBIOS structure table (`/sys/firmware/dmi/tables/DMI`), lower case; undefined when the table
 * has none. DMTF DSP0134: section 6.1.2 (header: type, length, handle; strings end with two zero bytes) and
 * section 7.2 (type 1: uuid at offset 8, the first three fields little-endian; all zeros or ones: not set).
 */
export function smbiosUuid(table: Buffer): string | undefined {
  let at = 0;
  while (at + 4 <= table.length) {
    const type = table[at] as number;
    const length = table[at + 1] as number;
    if (type === 127 || length < 4) return undefined;
    if (type === 1 && length >= 24 && at + 24 <= table.length) return format(table.subarray(at + 8, at + 24));
    const end = table.indexOf('\0\0', at + length, 'latin1');
    if (end < 0) return undefined;
    at = end + 2;
  }
  return undefined;
}

function format(bytes: Buffer): string | undefined {
  if (bytes.every((byte) => byte === 0) || bytes.every((byte) => byte === 255)) return undefined;
  const swapped = [
    [0, 4],
    [4, 6],
    [6, 8],
  ].map(([from, to]) => Buffer.from(bytes.subarray(from, to)).reverse());
  const parts = [...swapped, bytes.subarray(8, 10), bytes.subarray(10, 16)];
  return parts.map((part) => part.toString('hex')).join('-');
}
