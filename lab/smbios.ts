/**
 * An SMBIOS structure table with the system information (type 1) that a hypervisor gives to a VM, ending
 * with type 127. Layout: DMTF DSP0134 sections 6.1 and 7.2; the first three fields of the uuid are
 * little-endian since SMBIOS 2.6.
 */
export function smbiosTable(uuid: string): Buffer {
  const hex = Buffer.from(uuid.replaceAll('-', ''), 'hex');
  if (hex.length !== 16) throw new Error(`not a uuid: ${uuid}`);
  hex.subarray(0, 4).reverse();
  hex.subarray(4, 6).reverse();
  hex.subarray(6, 8).reverse();
  const header = Buffer.from([1, 27, 0x00, 0x01, 1, 2, 0, 0]);
  const tail = Buffer.from([6, 0, 0]);
  const strings = Buffer.from('QEMU\0Standard PC (i440FX + PIIX, 1996)\0\0', 'latin1');
  const end = Buffer.from([127, 4, 0x00, 0x7f, 0, 0]);
  return Buffer.concat([header, hex, tail, strings, end]);
}
