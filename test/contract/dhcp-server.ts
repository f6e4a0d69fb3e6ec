import { describe, expect, it } from 'vitest';
import { leasesOf } from '../../src/domain/lease.ts';
import type { Mac } from '../../src/domain/mac.ts';
import type { DhcpServer } from '../../src/domain/ports.ts';

/** A server under test, and how the test changes its world. */
export interface DhcpServerUnderTest {
  readonly server: () => DhcpServer;
  /** The MAC address, address and name of a guest that holds a lease. */
  readonly holder: () => { readonly mac: Mac; readonly address: string; readonly name: string };
  /** Stops the server in its tracks, or lets it go on. */
  readonly freeze: (frozen: boolean) => Promise<void>;
}

/** What every {@link DhcpServer} promises. */
export function dhcpServerContract(name: string, under: DhcpServerUnderTest): void {
  describe(`DHCP server contract: ${name}`, () => {
    const signal = () => AbortSignal.timeout(30_000);

    it('tells who holds which address under which name, and until when', async () => {
      const { mac, address, name: held } = under.holder();

      const table = await under.server().leases(signal());

      const [lease] = leasesOf(table, mac);
      expect(lease).toMatchObject({ address, name: held });
      expect(Date.parse(lease?.expiresAt ?? '')).toBeGreaterThan(Date.parse(table.readAt));
    });

    it('holds nothing for a MAC address that never asked', async () => {
      const table = await under.server().leases(signal());

      expect(leasesOf(table, '52:54:00:00:00:01' as Mac)).toEqual([]);
    });

    it('is alive while it works, and is not when it is there and cannot answer', async () => {
      const working = await under.server().alive(signal());
      await under.freeze(true);
      const frozen = await under.server().alive(signal());
      await under.freeze(false);
      const again = await under.server().alive(signal());

      expect([working.alive, frozen.alive, again.alive]).toEqual([true, false, true]);
    });
  });
}
