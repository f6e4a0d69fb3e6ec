import { describe, expect, it } from 'vitest';
import { parseLeaseFile } from './lease-file.ts';

const end = '1767272400';

/** A line for a lease of this name. */
function line(name: string, last = 5, mac = 'bc:24:11:00:00:01'): string {
  return `${end} ${mac} 10.2.10.${last} ${name} *\n`;
}

describe('a lease file', () => {
  it.each([
    ['is quoted', '"alpha"'],
    ['holds 8-bit bytes', 'caf\u00e9\ufffd'],
    ['is 255 bytes long', 'a'.repeat(255)],
    ['holds escape codes', '\u001b[2Jalpha'],
  ])('gives a name as it stands where it %s', (_what, name) => {
    const { leases, unreadable } = parseLeaseFile(line(name));

    expect([leases.map((each) => each.name), unreadable]).toEqual([[name], 0]);
  });

  it('is no lease where it is empty', () => {
    expect(parseLeaseFile('')).toMatchObject({ leases: [], unreadable: 0 });
  });

  it('takes the last lease of a duplicate address', () => {
    const { leases } = parseLeaseFile(`${line('alpha')}${line('beta', 5, 'bc:24:11:00:00:02')}`);

    expect(leases.map(({ name }) => name)).toEqual(['beta']);
  });

  it('loses no other row to a torn one', () => {
    const { leases, unreadable } = parseLeaseFile(
      `${line('alpha')}${line('beta', 6).slice(0, 20)}\n${line('gamma', 7)}`,
    );

    expect([leases.map(({ name }) => name), unreadable]).toEqual([['alpha', 'gamma'], 1]);
  });
});
