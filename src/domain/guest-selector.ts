import { type Address, parseIpv4 } from './address.ts';
import { type Mac, parseMac } from './mac.ts';

/** What a person gives to name a guest. */
export type GuestSelector =
  | { readonly by: 'vmid'; readonly vmid: number; readonly node?: string }
  | { readonly by: 'mac'; readonly mac: Mac }
  | { readonly by: 'address'; readonly address: Address }
  /** With or without a domain, in the case that was typed. */
  | { readonly by: 'name'; readonly name: string };

/**
 * Reads `610`, `pve1/610`, a MAC address, an IPv4 address, or else a name. A guest that bears a number for its
 * name is named by its own number: numbers are unique, names are not.
 */
export function parseGuestSelector(text: string): GuestSelector | undefined {
  const numbered = /^(?:([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)\/)?([1-9]\d{2,8})$/i.exec(text);
  if (numbered !== null) {
    const [, node, vmid] = numbered;
    return { by: 'vmid', vmid: Number(vmid), ...(node === undefined ? {} : { node }) };
  }
  const mac = parseMac(text.toLowerCase().replaceAll('-', ':'));
  if (mac !== undefined) return { by: 'mac', mac };
  const address = parseIpv4(text);
  if (address !== undefined) return { by: 'address', address };
  // Proxmox VE's `dns-name` and no more (pve-common JSONSchema.pm); a trailing dot is how DNS ends a full name.
  return /^[a-z0-9](?:[a-z0-9.-]{0,253}[a-z0-9])?\.?$/i.test(text)
    ? { by: 'name', name: text.replace(/\.$/, '') }
    : undefined;
}
