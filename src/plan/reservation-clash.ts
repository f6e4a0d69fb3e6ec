import { type Address, formatSubnet, inSubnet, isEdgeOf } from '../domain/address.ts';
import { sameMachine } from '../domain/client-id.ts';
import { serves } from '../domain/dhcp-range.ts';
import { type Lease, type LeaseTable, leasesOf, livingLeases } from '../domain/lease.ts';
import { firstLabel, sameName } from '../domain/name.ts';
import type { StandingReservations } from '../domain/ports.ts';
import { lastInForce, type OwnReservation, type Reservation, reservationOf } from '../domain/reservation.ts';
import type { Segment } from '../domain/segment.ts';

/** What a reservation is compared with. */
export interface ServerView {
  readonly standing: StandingReservations;
  readonly leases: LeaseTable;
}

/** Why a reservation cannot be made. */
export interface Clash {
  readonly why: string;
  readonly hint?: string;
  /** Of somebody else, over which Truename's can be put where that is asked for. */
  readonly adoptable?: true;
}

/**
 * What speaks against a reservation at its server, what cannot be overcome first; undefined for nothing. Whether the name
 * may be given to anybody is not asked here.
 */
export function clashOf(wished: OwnReservation, view: ServerView, segment: Segment): Clash | undefined {
  const { standing } = view;
  const above = withMac(wished, view);
  return (
    withProduct(wished, standing, segment) ??
    (above?.adoptable === true ? undefined : above) ??
    withName(wished, standing) ??
    (wished.address === undefined ? undefined : withAddress(wished, wished.address, view, segment)) ??
    above
  );
}

/** Somebody else's reservation that gives the MAC address what is wished for already. */
export function alreadySaid(
  wished: OwnReservation,
  { others }: StandingReservations,
): Reservation | undefined {
  const theirs = reservationOf(others, wished.mac);
  const same =
    theirs !== undefined &&
    sameName(firstLabel(theirs.name), wished.name) &&
    (wished.address === undefined || theirs.address === wished.address);
  return same ? theirs : undefined;
}

/** What the server would accept and pass over, or refuse. */
function withProduct(
  wished: OwnReservation,
  { needsAddress, freeAddresses = [], domains, unfit }: StandingReservations,
  segment: Segment,
): Clash | undefined {
  if (needsAddress && wished.address === undefined)
    return {
      why: `the server takes no reservation without an address, the guest holds none, and ${freeAddresses.length === 0 ? 'no range to take one from is configured' : 'the ranges that are configured have no free one in its segment'}`,
      hint: 'Add --ip with an address of the segment, or give the server ranges as addresses in truename.yaml.',
    };
  const why = unfit?.(wished);
  if (why !== undefined) return { why };
  if (domains === undefined || domains.some((each) => sameName(each, segment.domain))) return undefined;
  const found = domains.length === 0 ? 'under no domain' : `under ${domains.join(', ')}`;
  return {
    why: `the server registers names ${found}, so that ${segment.domain} would not know this one`,
    hint: `Set domain=${segment.domain} at the server, or correct the domain of this segment in truename.yaml.`,
  };
}

function withMac({ mac, address }: OwnReservation, { standing, leases }: ServerView): Clash | undefined {
  const held = leasesOf(leases, mac)[0]?.clientId;
  const isTheirs = (each: Reservation) =>
    each.mac === mac || (each.mac === undefined && sameMachine(each.clientId, held));
  // One that is passed over now would be heeded once the line is gone that has its address.
  const theirs = lastInForce(standing.others, isTheirs) ?? standing.others.find(isTheirs);
  if (theirs === undefined) return undefined;
  const { name, file } = theirs;
  const saying = `${saidBy(theirs)} stands in ${file}, and is not Truename's`;
  const told = name === undefined && theirs.address === undefined;
  const adoptable =
    standing.adoption === 'above' && theirs.mac === mac && !told && theirs.address === undefined;
  if (adoptable)
    return {
      why: saying,
      hint: 'Add --adopt to put one of Truename above it; it stays where it is.',
      adoptable,
    };
  const fixed = theirs.address !== undefined && address === undefined ? ', and would lose its address' : '';
  return { why: `${saying}${fixed}`, hint: `Change or remove it in ${file}; Truename does not.` };
}

function saidBy({ mac, clientId, name, address }: Reservation): string {
  const whose = mac ?? `client id ${clientId ?? 'unknown'}`;
  if (name === undefined && address === undefined) return `${whose}, to be ignored,`;
  return [whose, name, address].filter((each) => each !== undefined).join(', ');
}

function withName({ mac, name }: OwnReservation, { own, others }: StandingReservations): Clash | undefined {
  const mine = own.find((each) => each.mac !== mac && sameName(each.name, name));
  if (mine !== undefined)
    return {
      why: `"${name}" is reserved for ${mine.mac} by Truename`,
      hint: `truename release ${mine.mac} takes that back.`,
    };
  const theirs = others.find((each) => each.mac !== mac && sameName(firstLabel(each.name), name));
  return theirs && { why: `"${name}" is reserved already: ${saidBy(theirs)}, in ${theirs.file}` };
}

function withAddress(
  { mac }: OwnReservation,
  address: Address,
  { standing, leases }: ServerView,
  { subnet, name }: Segment,
): Clash | undefined {
  if (subnet === undefined)
    return { why: `the subnet of segment ${name} is not known`, hint: 'Give its subnet in truename.yaml.' };
  if (!inSubnet(address, subnet) || isEdgeOf(address, subnet))
    return { why: `${address} is no address for a guest in ${formatSubnet(subnet)}` };
  const { ranges } = standing;
  // A server passes an address over for which it has no range (dnsmasq src/dhcp.c, narrow_context).
  if (ranges !== undefined && !ranges.some((range) => serves(range, address, subnet)))
    return {
      why: `the server leases nothing in the network of ${address}, and would pass it over`,
      hint: `Its ranges: ${ranges.map(({ from, to, file }) => `${from} to ${to} (${file})`).join(', ')}.`,
    };
  const mine = standing.own.find((each) => each.mac !== mac && each.address === address);
  if (mine !== undefined) return { why: `${address} is reserved for ${mine.mac} (${mine.name}) by Truename` };
  const theirs = standing.others.find((each) => each.address === address);
  if (theirs !== undefined)
    return { why: `${address} is reserved already: ${saidBy(theirs)}, in ${theirs.file}` };
  const holder = holderOf(address, leases);
  if (holder === undefined || holder.mac === mac) return undefined;
  return {
    why: `${address} is leased to ${holder.mac} (${holder.name ?? 'without a name'}) until ${holder.expiresAt ?? 'for ever'}`,
  };
}

function holderOf(address: Address, leases: LeaseTable): Lease | undefined {
  return livingLeases(leases).find((lease) => lease.address === address);
}
