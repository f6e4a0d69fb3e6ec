/** An IP address in its usual spelling: dotted quad, or compressed lower-case IPv6. */
export type Address = string & { readonly __address: unique symbol };

/** The text as an IPv4 address, or undefined (leading zeros are refused: they read as octal). */
export function parseIpv4(text: string): Address | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  const legal = match.slice(1).every((part) => Number(part) <= 255 && !/^0\d/.test(part));
  return legal ? (text as Address) : undefined;
}

/** An IPv4 subnet, such as `10.2.10.0/24`. */
export interface Subnet {
  readonly network: Address;
  /** Bits, 0 to 32. */
  readonly prefix: number;
}

/** The text as an IPv4 subnet in CIDR notation, or undefined; host bits are cleared. */
export function parseSubnet(text: string): Subnet | undefined {
  const [host, bits, rest] = text.split('/');
  const address = parseIpv4(host ?? '');
  if (address === undefined || rest !== undefined || !/^\d{1,2}$/.test(bits ?? '')) return undefined;
  const prefix = Number(bits);
  if (prefix > 32) return undefined;
  return { network: fromNumber(masked(toNumber(address), prefix)), prefix };
}

/** True if the address lies in the subnet. */
export function inSubnet(address: Address, subnet: Subnet): boolean {
  return masked(toNumber(address), subnet.prefix) === toNumber(subnet.network);
}

/** True for the network's own address and its broadcast address; a /31 and a /32 have neither (RFC 3021). */
export function isEdgeOf(address: Address, { network, prefix }: Subnet): boolean {
  if (prefix > 30) return false;
  const first = toNumber(network);
  const value = toNumber(address);
  return value === first || value === first + 2 ** (32 - prefix) - 1;
}

/** True if the address lies between the two, which are among them, whichever of them is the lower one. */
export function isBetween(address: Address, one: Address, other: Address): boolean {
  const [value, ends] = [toNumber(address), [toNumber(one), toNumber(other)]];
  return value >= Math.min(...ends) && value <= Math.max(...ends);
}

/** How many addresses there are from one to the other, both counted. */
export function countBetween(one: Address, other: Address): number {
  return Math.abs(toNumber(one) - toNumber(other)) + 1;
}

/** The netmask as bits, such as 24 for `255.255.255.0`; undefined where its ones are not all in front. */
export function prefixOf(netmask: Address): number | undefined {
  const bits = toNumber(netmask).toString(2).padStart(32, '0');
  return /^1*0*$/.test(bits) ? bits.replace(/0+$/, '').length : undefined;
}

/** The subnet in CIDR notation. */
export function formatSubnet(subnet: Subnet): string {
  return `${subnet.network}/${subnet.prefix}`;
}

/** The address as a number, 0 to 2^32 - 1. */
export function toNumber(address: Address): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** The address with this number, 0 to 2^32 - 1. */
export function fromNumber(value: number): Address {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.') as Address;
}

function masked(value: number, prefix: number): number {
  const size = 2 ** (32 - prefix);
  return Math.floor(value / size) * size;
}
