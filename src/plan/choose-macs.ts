import { type Mac, parseMac } from '../domain/mac.ts';

/** The range of Proxmox Server Solutions, in which its product makes MAC addresses (datacenter.cfg, `mac_prefix`). */
const proxmoxPrefix = 'bc:24:11';

/**
 * The first three octets of new MAC addresses: those of the source's where they are its hypervisor's own or locally
 * administered (IEEE 802 section 8.4), since a site may have set a prefix; else the product's. Never a vendor's of real
 * hardware, and never a multicast one.
 */
export function macPrefix(source: Mac | undefined): string {
  const prefix = source?.slice(0, 8);
  if (prefix === undefined) return proxmoxPrefix;
  const first = Number.parseInt(prefix.slice(0, 2), 16);
  return (first & 0b11) === 0b10 ? prefix : proxmoxPrefix;
}

/**
 * A MAC address with this prefix that is not among those taken. `random` gives bytes; throws where it gives none that is
 * free in a thousand tries.
 */
export function chooseMac(prefix: string, taken: ReadonlySet<Mac>, random: () => Uint8Array): Mac {
  for (let attempt = 0; attempt < 1000; attempt += 1) {
    const octets = [...random().slice(0, 3)].map((byte) => byte.toString(16).padStart(2, '0'));
    const mac = parseMac([prefix, ...octets].join(':'));
    if (mac === undefined) throw new Error(`${prefix} begins no MAC address`);
    if (!taken.has(mac)) return mac;
  }
  throw new Error(`no free MAC address with ${prefix} was found`);
}
