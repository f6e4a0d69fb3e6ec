import type { Address } from '../domain/address.ts';
import { recordsOf } from '../domain/dns-answer.ts';
import { TruenameError } from '../domain/error.ts';
import { givenAddresses } from '../domain/given-addresses.ts';
import type { Nic } from '../domain/guest.ts';
import { type Lease, type LeaseTable, livingLeases } from '../domain/lease.ts';
import { type Fqdn, firstLabel, fqdn as fullName, parseHostname, sameName } from '../domain/name.ts';
import { type Observation, seenValue } from '../domain/observation.ts';
import type { DhcpServer, DnsAnswer, Resolver, TimedAddress } from '../domain/ports.ts';
import type { Resolution, ResolverAnswers } from '../domain/resolution.ts';
import { mayHold, type Segment } from '../domain/segment.ts';
import { attempt } from './attempt.ts';
import { enteredAt } from './entered.ts';
import { leaseIn } from './leases.ts';
import type { Look } from './server-tables.ts';

/** Where a name is looked up. */
export interface ResolveSources {
  readonly dhcpServer: (id: string) => DhcpServer;
  readonly resolver: (id: string) => Resolver;
  readonly now: () => string;
  readonly patience: { readonly lookMs: number };
}

/** The guest whose name it is. */
export interface ResolveSubject {
  readonly nic: Nic;
  /** All of its network interfaces. */
  readonly nics: readonly Nic[];
  readonly segment: Segment;
  readonly fqdn: Fqdn;
  /** The name at the hypervisor, of one label. */
  readonly wanted: string;
}

/** Reads the segment's lease table and asks each of its resolvers, all at once, about the guest and about another lease. */
export async function resolveGuest(
  sources: ResolveSources,
  { nic, nics, segment, fqdn, wanted }: ResolveSubject,
  signal: AbortSignal,
): Promise<Resolution> {
  const bounded = () => AbortSignal.any([signal, AbortSignal.timeout(sources.patience.lookMs)]);
  const look: Look = (source, read) => attempt(source, sources.now, signal, read, bounded);
  const { dhcpServer: id } = segment;
  const table = await look(`leases of ${id}`, (until) => sources.dhcpServer(id).leases(until));
  const lease = leaseIn(table, nic);
  const living = table.seen === 'value' ? livingLeases(table.value) : [];
  const about = {
    fqdn,
    address: seenValue(lease)?.lease.address,
    witness: witnessIn(table, segment, nic.mac),
  };
  const resolvers = segment.resolvers.map(sources.resolver);
  const own = givenAddresses([nic, ...nics], living);
  const answers = await Promise.all(resolvers.map((each) => askAbout(each, about, look)));
  const leased = `${firstLabel(seenValue(lease)?.lease.name) ?? ''}.${segment.domain}`;
  const otherwise = answers.some(
    ({ forward, reverse }) =>
      recordsOf(forward)?.some((each) => !own.some((one) => one === each.address)) === true ||
      recordsOf(reverse)?.some((each) => !sameName(each, fqdn) && !sameName(each, leased)) === true,
  );
  const entered = otherwise
    ? await enteredAt(sources.dhcpServer(id), { fqdn, address: about.address }, look)
    : undefined;
  return {
    fqdn,
    lease,
    bearers: living.filter(({ name }) => sameName(firstLabel(name), wanted)),
    resolvers: answers,
    own,
    ...(entered === undefined ? {} : { entered }),
  };
}

interface About {
  readonly fqdn: Fqdn;
  readonly address: Address | undefined;
  readonly witness: { readonly fqdn: Fqdn; readonly lease: Lease } | undefined;
}

async function askAbout(
  resolver: Resolver,
  { fqdn, address, witness }: About,
  look: Look,
): Promise<ResolverAnswers> {
  const { id } = resolver;
  const reverse = (of: Address | undefined) =>
    look(`${id}: PTR ${of ?? 'of no address'}`, async (until) => {
      if (of !== undefined) return resolver.reverse(of, until);
      throw new TruenameError('address-not-found', 'no lease says for which address to ask');
    });
  const [forward, forward6, own, other, otherReverse] = await Promise.all([
    look(`${id}: A ${fqdn}`, (until) => timed(resolver, fqdn, 4, until)),
    look(`${id}: AAAA ${fqdn}`, (until) => timed(resolver, fqdn, 6, until)),
    reverse(address),
    witness && look(`${id}: A ${witness.fqdn}`, (until) => resolver.forward(witness.fqdn, until)),
    witness && reverse(witness.lease.address),
  ]);
  const seen =
    witness === undefined || other === undefined || otherReverse === undefined
      ? {}
      : { witness: { fqdn: witness.fqdn, forward: other, reverse: otherReverse } };
  return { resolver: id, forward, forward6, reverse: own, ...seen };
}

async function timed(
  resolver: Resolver,
  name: Fqdn,
  family: 4 | 6,
  signal: AbortSignal,
): Promise<DnsAnswer<TimedAddress>> {
  if (resolver.lifetimes !== undefined) return resolver.lifetimes(name, family, signal);
  throw new TruenameError('unsupported', `${resolver.id} does not say how long its answers hold`);
}

/** Another living lease of the server whose name nobody else bears, in the same segment. */
function witnessIn(table: Observation<LeaseTable>, segment: Segment, mac: string): About['witness'] {
  if (table.seen !== 'value') return undefined;
  const living = livingLeases(table.value);
  for (const lease of living) {
    const name = parseHostname(lease.name ?? '');
    const bearers = living.filter((each) => sameName(firstLabel(each.name), name));
    if (name !== undefined && lease.mac !== mac && bearers.length === 1 && mayHold(segment, lease.address))
      return { fqdn: fullName(name, segment.domain), lease };
  }
  return undefined;
}
