import type { Address } from '../domain/address.ts';
import { TruenameError } from '../domain/error.ts';
import type { Fqdn } from '../domain/name.ts';
import { seenValue } from '../domain/observation.ts';
import type { Resolver } from '../domain/ports.ts';
import type { ResolverView } from '../domain/snapshot.ts';
import { attempt } from './attempt.ts';

/** Who is asked, and by whose clock. */
export interface ResolverSources {
  readonly resolvers: readonly Resolver[];
  readonly now: () => string;
  /** A signal that ends with the time for one question; left out, a question has the whole run. */
  readonly bounded?: () => AbortSignal;
}

/**
 * What every resolver says of the name and of the address, all asked at once. The address may still be on its
 * way; without one nobody can look at the reverse.
 */
export async function observeResolvers(
  { resolvers, now, bounded }: ResolverSources,
  fqdn: Fqdn,
  address: Address | undefined | Promise<Address | undefined>,
  signal: AbortSignal,
): Promise<ResolverView[]> {
  return Promise.all(
    resolvers.map(async (resolver): Promise<ResolverView> => {
      const { id } = resolver;
      const ask = <T>(question: string, read: (until: AbortSignal) => Promise<T | undefined>) =>
        attempt(`${id}: ${question}`, now, signal, read, bounded);
      const [forward, forward6, reverse] = await Promise.all([
        ask(`A ${fqdn}`, (until) => resolver.forward(fqdn, until)),
        resolver.forward6 === undefined
          ? undefined
          : ask(`AAAA ${fqdn}`, async (until) => resolver.forward6?.(fqdn, until)),
        Promise.resolve(address).then((known) =>
          ask(`PTR ${known ?? 'of no address'}`, (until) => reverseOf(resolver, known, until)),
        ),
      ]);
      return { resolver: id, forward, reverse, ...(forward6 === undefined ? {} : { forward6 }) };
    }),
  );
}

/** The addresses that they give the name. */
export function answeredAddresses(views: readonly ResolverView[]): Address[] {
  return views.flatMap(({ forward }) => {
    const answer = seenValue(forward);
    return answer?.status === 'answered' ? answer.records : [];
  });
}

async function reverseOf(resolver: Resolver, address: Address | undefined, signal: AbortSignal) {
  if (address !== undefined) return resolver.reverse(address, signal);
  throw new TruenameError('address-not-found', 'no lease says for which address to ask');
}
