import { isIPv4, isIPv6 } from 'node:net';
import { formats } from './schema.ts';

/** What a format check throws: its message is the text after `invalid format - `, line end included. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}

/**
 * Checks `value` against the registered format `name`; throws {@link FormatError}. `-list` splits and
 * checks each item, `-opt` checks only what Perl calls true. Formats that are registered in the product
 * but not published in the schema file are accepted unchecked; the README lists them.
 * Source: pve-common src/PVE/JSONSchema.pm `check_format`, `split_list`.
 */
export function checkNamedFormat(name: string, value: string): void {
  if (name.endsWith('-list')) {
    for (const item of splitList(value)) checkNamedFormat(name.slice(0, -5), item);
    return;
  }
  if (name.endsWith('-opt')) {
    if (value !== '' && value !== '0') checkNamedFormat(name.slice(0, -4), value);
    return;
  }
  const check = checks[name];
  if (check !== undefined) {
    if (!check(value)) throw new FormatError(errorText(name, value));
    return;
  }
  checkPattern(name, value);
}

/** The items of a PVE list: split on NUL when there is one, else on comma, semicolon and white space. */
export function splitList(value: string): string[] {
  const items = value.includes('\0') ? value.split('\0') : value.split(/[,;\s]+/);
  return items.filter((item) => item !== '');
}

function checkPattern(name: string, value: string): void {
  const format = formats[name];
  if (format?.re === undefined) return;
  if (format.minLength !== undefined && value.length < format.minLength) {
    throw new FormatError((format.shortErr ?? '').replace('$V', () => value));
  }
  if (new RegExp(format.re, format.flags).test(value)) return;
  const tooDeep = format.deepErr !== undefined && /^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/.test(value);
  throw new FormatError(((tooDeep ? format.deepErr : format.err) ?? '').replace('$V', () => value));
}

const unpublishedErrors: Readonly<Record<string, string>> = {
  'pve-volume-id': "unable to parse volume ID '$V'\n",
  'pve-volume-id-or-qm-path': "unable to parse volume ID '$V'\n",
  'pve-volume-id-or-absolute-path': "unable to parse volume ID '$V'\n",
  'disk-size': 'value does not look like a valid disk size: $V\n',
};

function errorText(name: string, value: string): string {
  return (formats[name]?.err ?? unpublishedErrors[name] ?? 'invalid value\n').replace('$V', () => value);
}

const checks: Readonly<Record<string, (value: string) => boolean>> = {
  ipv4: isIPv4,
  ipv6: (value) => isIPv6(value) && !value.includes('%'),
  address: (value) => isIPv4(value) || isIPv6(value) || matches('dns-name', value),
  'pve-ipv4-config': (value) => value === 'dhcp' || value === 'manual' || isCidr(value, isIPv4, 8, 32),
  'pve-ipv6-config': (value) =>
    value === 'auto' || value === 'dhcp' || value === 'manual' || isCidr(value, isIPv6, 8, 128),
  'pve-volume-id': isVolumeId,
  'pve-volume-id-or-qm-path': (value) =>
    value === 'none' || value === 'cdrom' || value.startsWith('/') || isVolumeId(value),
  'pve-volume-id-or-absolute-path': (value) => value.startsWith('/') || isVolumeId(value),
  'disk-size': (value) => /^\d+(\.\d+)?[KMGT]?$/.test(value),
};

function matches(name: string, value: string): boolean {
  const format = formats[name];
  return format?.re !== undefined && new RegExp(format.re, format.flags).test(value);
}

function isVolumeId(value: string): boolean {
  return /^[a-z][a-z0-9\-_.]*[a-z0-9]:.+$/i.test(value);
}

function isCidr(
  value: string,
  isAddress: (text: string) => boolean,
  shortest: number,
  longest: number,
): boolean {
  const [address = '', prefix = '', ...rest] = value.split('/');
  if (rest.length > 0 || !isAddress(address) || !/^\d{1,3}$/.test(prefix)) return false;
  return Number(prefix) >= shortest && Number(prefix) <= longest;
}

/** The features of `hotplug`; `0` and `1` stand for none and the default. Source: qemu-server QemuServer.pm. */
export function checkHotplug(value: string): void {
  if (value === '0' || value === '1') return;
  for (const feature of splitList(value)) {
    if (['network', 'disk', 'cpu', 'memory', 'usb', 'cloudinit'].includes(feature)) continue;
    throw new FormatError(errorText('pve-hotplug-features', feature));
  }
}
