import { SourceError } from '../../domain/error.ts';
import type { GuestSettings, NicSettings } from '../../domain/guest-maker.ts';
import { parseMac } from '../../domain/mac.ts';
import { shown } from '../../lib/shown.ts';
import { type ApiParameter, proxmox } from './client.ts';
import { parsePropertyString } from './property-string.ts';

/** The lines of a VM's configuration. */
type Lines = Readonly<Record<string, string>>;

/** The model of a network interface that nobody chose: the product's own choice in its dialogue. */
const defaultModel = 'virtio';

/**
 * The parameters of a configuration request that make the settings of these lines. A network interface is written whole: the
 * product gives a line without a MAC address a random one (qemu-server PVE/API2/Qemu.pm, `update_vm_api`).
 */
export function parametersOf(lines: Lines, settings: GuestSettings): Record<string, ApiParameter> {
  const { name, searchDomain, nameServers, customSeed, description, tags, cores, memoryMiB } = settings;
  const seed = customSeed === undefined ? undefined : seedLine(customSeed);
  const removed = seed === '' && lines.cicustom !== undefined ? ['cicustom'] : [];
  const values: Record<string, ApiParameter | undefined> = {
    name,
    searchdomain: searchDomain,
    nameserver: nameServers?.join(' '),
    cicustom: seed === '' ? undefined : seed,
    description,
    tags: tags?.map(asPart).join(';'),
    cores,
    memory: memoryMiB,
    delete: removed.length === 0 ? undefined : removed.join(','),
  };
  for (const nic of settings.nics ?? []) {
    values[slotOf(nic)] = nicLine(lines[nic.slot], nic);
    if (nic.ipv4 !== undefined) {
      const key = nic.slot.replace('net', 'ipconfig');
      values[key] = addressLine(lines[key], nic.ipv4);
    }
  }
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  );
}

/** `virtio=MAC,bridge=…`: what stands there, with the MAC address and what else is said in place of its own. */
function nicLine(line: string | undefined, { slot, mac, bridge, vlan }: NicSettings): string {
  const parts = parsePropertyString(line ?? '', 'model');
  if (parts === undefined) throw unfit(`${slot}: ${line}`);
  const canonical = [...parts].find(([, value]) => parseMac(value) !== undefined)?.[0];
  const model = parts.get('model') ?? (canonical === 'macaddr' ? undefined : canonical) ?? defaultModel;
  for (const key of ['model', 'macaddr', canonical ?? '']) parts.delete(key);
  if (bridge !== undefined) parts.set('bridge', asPart(bridge));
  if (line === undefined && bridge === undefined)
    throw new SourceError('unsupported', proxmox, `${slot} is not there, and was given no bridge`);
  if (vlan === 'none') parts.delete('tag');
  else if (vlan !== undefined) parts.set('tag', String(vlan));
  const rest = [...parts].map(([key, value]) => `${key}=${value}`);
  return [`${model}=${mac.toUpperCase()}`, ...rest].join(',');
}

/** An `ipconfigN` line; what it says of IPv6 stays. */
function addressLine(line: string | undefined, ipv4: NonNullable<NicSettings['ipv4']>): string {
  const parts = parsePropertyString(line ?? '', '') ?? new Map<string, string>();
  parts.delete('gw');
  if (typeof ipv4 === 'string') parts.set('ip', ipv4);
  else {
    parts.set('ip', `${ipv4.fixed}/${ipv4.prefix}`);
    if (ipv4.gateway !== undefined) parts.set('gw', ipv4.gateway);
  }
  return [...parts].map(([key, value]) => `${key}=${value}`).join(',');
}

function seedLine(seed: NonNullable<GuestSettings['customSeed']>): string {
  return Object.entries(seed)
    .flatMap(([kind, volume]) => (volume === undefined ? [] : [`${kind}=${asPart(volume)}`]))
    .join(',');
}

function slotOf({ slot }: NicSettings): string {
  if (/^net(?:[12]?\d|3[01])$/.test(slot)) return slot;
  throw unfit(slot);
}

/** A text that would add a key to its line is refused here: the product could not tell. */
function asPart(text: string): string {
  if (/[,;=\p{Cc}]/u.test(text) || text === '') throw unfit(text);
  return text;
}

function unfit(text: string): SourceError {
  return new SourceError('unsupported', proxmox, `'${shown(text)}' can stand in no line of a configuration`);
}
