import type { Cluster } from './cluster.ts';
import { splitPropertyString } from './schema/property-string.ts';
import { methodSchema, type Property } from './schema/schema.ts';

const format = methodSchema('PUT', '/nodes/{node}/qemu/{vmid}/config')?.parameters.properties.net0?.format;
const schema = (typeof format === 'object' ? format : {}) as Readonly<Record<string, Property>>;

/** The keys of a `netN` line. */
export interface NetworkDevice {
  readonly model: string;
  readonly macaddr?: string;
  readonly bridge?: string;
  readonly tag?: string;
  readonly [key: string]: string | undefined;
}

/** Takes a `netN` line apart that has already passed validation. */
export function parseNetworkDevice(text: string): NetworkDevice {
  const device = splitPropertyString(schema, text);
  return { ...device, model: device.model ?? '' };
}

/**
 * The line as the product writes it: model and MAC first, then the other keys in alphabetical order.
 * Source: pve-common JSONSchema.pm `print_property_string`; qemu-server QemuServer/Network.pm.
 */
export function printNetworkDevice({ model, macaddr, ...rest }: NetworkDevice): string {
  const keys = Object.keys(rest)
    .sort()
    .filter((key) => rest[key] !== undefined);
  const first = macaddr === undefined ? model : `${model}=${macaddr}`;
  return [first, ...keys.map((key) => `${key}=${rest[key]}`)].join(',');
}

/** A random address under the datacenter's prefix, upper case. Source: pve-common Tools.pm `random_ether_addr`. */
export function randomMac(cluster: Cluster): string {
  const prefix = cluster.state.macPrefix ?? 'BC:24:11';
  const missing = 6 - prefix.split(':').length;
  const bytes = [...cluster.random(missing)].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase());
  return [prefix, ...bytes].join(':');
}

/** The path on which SDN.Use is checked. Source: pve-guest-common GuestHelpers.pm `check_vnet_access`. */
export function bridgePath(device: NetworkDevice): string | undefined {
  if (device.bridge === undefined) return undefined;
  const zone = `/sdn/zones/localnetwork/${device.bridge}`;
  return device.tag === undefined ? zone : `${zone}/${device.tag}`;
}

/** The `netN` keys of a configuration in slot order: net0, net1, net2, net10. */
export function networkSlots(values: Readonly<Record<string, string>>): string[] {
  return networkKeys(values).sort((one, other) => Number(one.slice(3)) - Number(other.slice(3)));
}

/** The `netN` keys of a configuration in string order (net0, net1, net10, net2), as Perl sorts them. */
export function networkKeys(values: Readonly<Record<string, string>>): string[] {
  return Object.keys(values)
    .filter((key) => /^net\d+$/.test(key))
    .sort();
}
