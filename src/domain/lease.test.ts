import { describe, expect, it } from 'vitest';
import type { Address } from './address.ts';
import { type Lease, type LeaseTable, leasesOf } from './lease.ts';
import type { Mac } from './mac.ts';

const mac = 'bc:24:11:00:00:01' as Mac;

function lease(address: string, expiresAt?: string, of: Mac = mac): Lease {
  return { address: address as Address, mac: of, ...(expiresAt === undefined ? {} : { expiresAt }) };
}

function table(...leases: Lease[]): LeaseTable {
  return { leases, readAt: '2026-01-01T12:00:00.000Z' };
}

describe('leasesOf', () => {
  it('gives the living leases of that MAC address, the one that ends last first', () => {
    const early = lease('10.0.0.1', '2026-01-01T12:00:01.000Z');
    const late = lease('10.0.0.2', '2026-01-01T13:00:00.000Z');
    const endless = lease('10.0.0.3');
    const foreign = lease('10.0.0.4', '2026-01-01T13:00:00.000Z', 'bc:24:11:00:00:02' as Mac);

    expect(leasesOf(table(early, foreign, late, endless), mac)).toEqual([endless, late, early]);
  });

  it('leaves out what has ended by the server clock', () => {
    const ended = lease('10.0.0.1', '2026-01-01T12:00:00.000Z');

    expect(leasesOf(table(ended), mac)).toEqual([]);
  });

  it('leaves the table as it was', () => {
    const leases = [
      lease('10.0.0.1', '2026-01-01T12:00:01.000Z'),
      lease('10.0.0.2', '2026-01-01T13:00:00.000Z'),
    ];
    const given = table(...leases);

    leasesOf(given, mac);

    expect(given.leases).toEqual(leases);
  });
});
