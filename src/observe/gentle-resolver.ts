import { SourceError } from '../domain/error.ts';
import type { Resolver } from '../domain/ports.ts';

/**
 * The same resolver for one look at one guest, asked in a way that leaves no negative answer behind. A caching
 * resolver keeps the answer that a name has no address, or an address no name (RFC 2308; Unbound for 5 s where there
 * is no SOA), so that whoever asks before a guest is mended would have to wait for DNS afterwards. A records are
 * asked for only where the name is known at all; else a PTR record is not asked for either, and the reverse link was
 * not looked at.
 */
export function gentleResolver(resolver: Resolver): Resolver {
  const { knows } = resolver;
  if (knows === undefined) return resolver;
  let known: Promise<boolean> | undefined;
  return {
    ...resolver,
    async forward(name, signal) {
      known = knows(name, signal);
      return (await known) ? resolver.forward(name, signal) : { status: 'none' };
    },
    async reverse(of, signal) {
      if ((await known) !== false) return resolver.reverse(of, signal);
      throw new SourceError(
        'not-found',
        resolver.id,
        `it knows no such name, so it was not asked whose ${of} is`,
      );
    },
  };
}
