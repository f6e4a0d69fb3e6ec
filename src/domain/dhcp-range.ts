import { type Address, inSubnet, isBetween, parseSubnet, type Subnet } from './address.ts';

/** Addresses from which a DHCP server leases. */
export interface DhcpRange {
  readonly from: Address;
  readonly to: Address;
  /**
   * `dynamic`: whoever asks may get one; `reserved`: only those for whom one is reserved; `proxy`: none, another server leases
   * there.
   */
  readonly mode: 'dynamic' | 'reserved' | 'proxy';
  /** Bits of the network in which the range lies; absent where the server takes them from its interface. */
  readonly prefix?: number;
  /** Tags that a request must bear; whether it does is not to be seen beforehand. */
  readonly tags: readonly string[];
  /** Where it stands, for people. */
  readonly file: string;
}

/** What bounds the leases of a DHCP server. */
export interface LeaseLimits {
  /** IPv4 ranges, in the order in which they stand. */
  readonly ranges: readonly DhcpRange[];
  /** The most leases that it keeps at a time, those of IPv6 among them; absent where it has no such bound. */
  readonly most?: { readonly leases: number; readonly file: string };
}

/** True where the range makes its server lease in the network of the address; one without a prefix lies in `subnet`. */
export function serves(range: DhcpRange, address: Address, subnet: Subnet): boolean {
  if (range.mode === 'proxy') return false;
  const network = range.prefix === undefined ? subnet : parseSubnet(`${range.from}/${range.prefix}`);
  return network !== undefined && inSubnet(range.from, network) && inSubnet(address, network);
}

/** True where the server leases the address to whoever asks. */
export function isOpen({ mode, from, to }: DhcpRange, address: Address): boolean {
  return mode === 'dynamic' && isBetween(address, from, to);
}
