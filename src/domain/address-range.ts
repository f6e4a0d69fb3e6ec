import { type Address, fromNumber, parseIpv4, toNumber } from './address.ts';

/** IPv4 addresses from one to another, both included. */
export interface AddressRange {
  readonly first: Address;
  readonly last: Address;
}

/** The most addresses that a range may hold: a /16. */
const maxAddresses = 65_536;

/** The text `10.2.10.50-10.2.10.99` as a range, or undefined; it holds 65,536 addresses at most. */
export function parseAddressRange(text: string): AddressRange | undefined {
  const [from = '', to = '', more] = text.split('-');
  const [first, last] = [parseIpv4(from.trim()), parseIpv4(to.trim())];
  if (first === undefined || last === undefined || more !== undefined) return undefined;
  const count = toNumber(last) - toNumber(first) + 1;
  return count >= 1 && count <= maxAddresses ? { first, last } : undefined;
}

/** The first address of the ranges, in their order, that this holds of; undefined where there is none. */
export function firstAddress(
  ranges: readonly AddressRange[],
  holds: (address: Address) => boolean,
): Address | undefined {
  for (const { first, last } of ranges) {
    for (let number = toNumber(first); number <= toNumber(last); number += 1) {
      const address = fromNumber(number);
      if (holds(address)) return address;
    }
  }
  return undefined;
}
