import { describe, expect, it } from 'vitest';
import type { Address } from '../../src/domain/address.ts';
import type { Fqdn } from '../../src/domain/name.ts';
import type { Resolver } from '../../src/domain/ports.ts';
import { keepsCapabilities } from './capabilities.ts';

/** A resolver under test, and a guest that it must know. */
export interface ResolverUnderTest {
  readonly resolver: () => Resolver;
  readonly known: () => { readonly fqdn: Fqdn; readonly address: Address };
  /** A name that has this IPv6 address and no other, in its shortest spelling. */
  readonly known6: () => { readonly fqdn: Fqdn; readonly address: string };
  /** It serves the reverse zone of the guest's segment. */
  readonly reverse: boolean;
}

/** What every {@link Resolver} promises. */
export function resolverContract(name: string, under: ResolverUnderTest): void {
  describe(`resolver contract: ${name}`, () => {
    keepsCapabilities('Resolver', name);
    const signal = () => AbortSignal.timeout(30_000);

    it('answers a known name with its address', async () => {
      const { fqdn, address } = under.known();

      expect(await under.resolver().forward(fqdn, signal())).toEqual({
        status: 'answered',
        records: [address],
      });
    });

    it('says none for a name that nobody has', async () => {
      const { fqdn } = under.known();

      const answer = await under.resolver().forward(`nobody-${fqdn}` as Fqdn, signal());

      expect(answer).toEqual({ status: 'none' });
    });

    it('answers with IPv6 addresses where the name has some', async () => {
      const { fqdn, address } = under.known6();

      expect(await under.resolver().forward6?.(fqdn, signal())).toEqual({
        status: 'answered',
        records: [address],
      });
    });

    it('says none for a name without IPv6 address, and for one that nobody has', async () => {
      const { fqdn } = under.known();
      const ask = (name: string) => under.resolver().forward6?.(name as Fqdn, signal());

      expect([await ask(fqdn), await ask(`nobody-${fqdn}`)]).toEqual([
        { status: 'none' },
        { status: 'none' },
      ]);
    });

    it(
      under.reverse ? 'answers a known address with its name' : 'says that it serves no reverse zone',
      async () => {
        const { fqdn, address } = under.known();

        const answer = await under.resolver().reverse(address, signal());

        expect(answer).toMatchObject(
          under.reverse ? { status: 'answered', records: [fqdn] } : { status: 'not-served' },
        );
      },
    );
  });
}
