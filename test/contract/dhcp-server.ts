import { describe, expect, it } from 'vitest';
import type { Address } from '../../src/domain/address.ts';
import { leasesOf } from '../../src/domain/lease.ts';
import type { Mac } from '../../src/domain/mac.ts';
import type { Fqdn } from '../../src/domain/name.ts';
import type { DhcpServer } from '../../src/domain/ports.ts';
import { reservationOf } from '../../src/domain/reservation.ts';
import { keepsCapabilities } from './capabilities.ts';

/** A server under test, and how the test changes its world. */
export interface DhcpServerUnderTest {
  readonly server: () => DhcpServer;
  /** The MAC address, address and name of a guest that holds a lease. */
  readonly holder: () => { readonly mac: Mac; readonly address: string; readonly name: string };
  /** Stops the server in its tracks, or lets it go on. */
  readonly freeze: (frozen: boolean) => Promise<void>;
  /** Reserves a name for a MAC address that nobody has, by the server's own means. */
  readonly reserve: (mac: Mac, name: string) => Promise<void>;
  /** Gives a full name a fixed address in the server's DNS, by its own means; absent where it has no such thing. */
  readonly enter?: (name: Fqdn, address: Address) => Promise<void>;
}

/** What every {@link DhcpServer} promises. */
export function dhcpServerContract(name: string, under: DhcpServerUnderTest): void {
  describe(`DHCP server contract: ${name}`, () => {
    keepsCapabilities('DHCP server', name);
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

    it('tells what is reserved, and where that stands', async () => {
      const [mac, never] = ['52:54:00:00:00:02', '52:54:00:00:00:03'] as [Mac, Mac];
      await under.reserve(mac, 'reserved');

      const reservations = (await under.server().reservations?.(signal())) ?? [];

      expect(reservationOf(reservations, mac)).toMatchObject({ mac, name: 'reserved' });
      expect(reservationOf(reservations, mac)?.file).not.toBe('');
      expect(reservationOf(reservations, never)).toBeUndefined();
    });

    const { enter } = under;
    if (enter !== undefined) {
      it('tells the fixed answers of its DNS about a name and an address, and no others', async () => {
        const [fixed, beside] = ['fixed.srv.internal', 'beside.srv.internal'] as [Fqdn, Fqdn];
        const [address, other] = ['10.2.20.77', '10.2.20.78'] as [Address, Address];
        await enter(fixed, address);
        await enter(beside, other);
        const entries = async (fqdn: string, of: Address) =>
          (await under.server().hostEntries?.({ fqdn: fqdn as Fqdn, address: of }, signal()))?.map((each) => [
            each.address,
            each.names[0],
            each.file !== '',
          ]);

        expect(await entries(fixed, '10.2.20.79' as Address)).toEqual([[address, fixed, true]]);
        expect(await entries('nobody.srv.internal', other)).toEqual([[other, beside, true]]);
        expect(await entries('nobody.srv.internal', '10.2.20.79' as Address)).toEqual([]);
      });
    }

    it('reads leases and reservations at one time', async () => {
      const server = under.server();

      const [table, reservations] = await Promise.all([
        server.leases(signal()),
        server.reservations?.(signal()),
      ]);

      expect(leasesOf(table, under.holder().mac)).toHaveLength(1);
      expect(reservations).toEqual(await server.reservations?.(signal()));
    });

    it('spells the identifiers of clients in lower case, byte by byte', async () => {
      const { leases } = await under.server().leases(signal());
      const ids = leases.flatMap(({ clientId }) => clientId ?? []);

      expect(ids).not.toEqual([]);
      for (const id of ids) expect(id).toMatch(/^[0-9a-f]{2}(:[0-9a-f]{2})*$/);
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
