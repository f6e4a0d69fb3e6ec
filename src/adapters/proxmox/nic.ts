import { parseIpv4 } from '../../domain/address.ts';
import type { Nic } from '../../domain/guest.ts';
import { type Mac, parseMac } from '../../domain/mac.ts';
import { parsePropertyString } from './property-string.ts';

/**
 * A `netN` value as a network interface: of a VM, canonical (`virtio=MAC,bridge=…`, as the product
 * stores it) or as a person may write it (`model=virtio,macaddr=MAC,…`), or of a container
 * (`name=eth0,bridge=…,hwaddr=MAC`). Undefined when there is no legal MAC address or VLAN in it
 * (qemu-server PVE/QemuServer/Network.pm, pve-container PVE/LXC/Config.pm).
 */
export function parseNic(slot: string, text: string): Nic | undefined {
  const parts = parsePropertyString(text, 'model');
  if (parts === undefined) return undefined;
  const named = parts.get('macaddr') ?? parts.get('hwaddr');
  const mac = named === undefined ? macOfModel(parts) : parseMac(named);
  const tag = parts.get('tag');
  if (mac === undefined || (tag !== undefined && !isVlan(tag))) return undefined;
  const bridge = parts.get('bridge');
  return {
    slot,
    mac,
    ...(bridge === undefined ? {} : { bridge }),
    ...(tag === undefined ? {} : { vlan: Number(tag) }),
  };
}

/**
 * What a line with `ip=` (a VM's `ipconfigN`, a container's `netN`) says of IPv4; undefined when it
 * says nothing, or what it says is no address.
 */
export function ipv4In(text: string): Nic['ipv4'] {
  const ip = parsePropertyString(text, '')?.get('ip') ?? '';
  if (ip === 'dhcp' || ip === 'manual') return ip;
  const fixed = /^([\d.]+)\/(?:[12]?\d|3[0-2])$/.exec(ip)?.[1];
  const address = parseIpv4(fixed ?? '');
  return address === undefined ? undefined : { fixed: address };
}

/** The value of the model's key; models are not checked against a list, as new versions bring new ones. */
function macOfModel(parts: ReadonlyMap<string, string>): Mac | undefined {
  for (const value of parts.values()) {
    const mac = parseMac(value);
    if (mac !== undefined) return mac;
  }
  return undefined;
}

function isVlan(tag: string): boolean {
  return /^[1-9]\d{0,3}$/.test(tag) && Number(tag) <= 4094;
}
