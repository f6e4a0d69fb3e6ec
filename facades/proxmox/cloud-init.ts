import { createHash } from 'node:crypto';
import { networkKeys, parseNetworkDevice } from './network-device.ts';
import type { ClusterState } from './state.ts';

type Values = Readonly<Record<string, string>>;
type Resolver = ClusterState['resolver'];

/**
 * The texts that the product writes into a cloud-init image, to the byte.
 * Source: qemu-server src/PVE/QemuServer/Cloudinit.pm (`cloudinit_userdata`, `nocloud_network`,
 * `configdrive2_network`, `nocloud_gen_metadata`, `configdrive2_metadata`).
 */
export interface CloudInitTexts {
  readonly user: string;
  readonly network: string;
  readonly meta: string;
}

/** `citype`, else `configdrive2` for Windows and `nocloud` for all others. */
export function imageFormat(values: Values): string {
  const windows = /^(wxp|w2k|w2k3|w2k8|wvista|win\d+)$/.test(values.ostype ?? '');
  return values.citype ?? (windows ? 'configdrive2' : 'nocloud');
}

/** The generated texts; `cicustom` plays no part in them. `resolver` is the node's resolv.conf. */
export function cloudInitTexts(vmid: number, values: Values, resolver: Resolver): CloudInitTexts {
  const nocloud = imageFormat(values) === 'nocloud';
  const user = userData(vmid, values);
  const network = nocloud ? networkConfig(values, resolver) : interfacesFile(values, resolver);
  const id = createHash('sha1')
    .update(user + network)
    .digest('hex');
  return { user, network, meta: nocloud ? metaData(id) : metaDataJson(id) };
}

/** The instance-id of given texts (custom ones included). Vendor-data plays no part. */
export function metaDataOf(user: string, network: string): string {
  return metaData(
    createHash('sha1')
      .update(user + network)
      .digest('hex'),
  );
}

function metaData(id: string): string {
  return `instance-id: ${id}\n`;
}

function metaDataJson(id: string): string {
  return `{\n     "uuid": "${id}",\n     "network_config": { "content_path": "/content/0000" }\n}\n`;
}

function names(vmid: number, values: Values): { hostname: string; fqdn: string } {
  const name = values.name ?? `VM${vmid}`;
  if (name.includes('.')) return { hostname: name.slice(0, name.indexOf('.')), fqdn: name };
  const search = values.searchdomain;
  return { hostname: name, fqdn: search === undefined || search === '' ? name : `${name}.${search}` };
}

function userData(vmid: number, values: Values): string {
  const { hostname, fqdn } = names(vmid, values);
  const user = values.ciuser;
  const lines = ['#cloud-config', `hostname: ${hostname}`, 'manage_etc_hosts: true', `fqdn: ${fqdn}`];
  if (user !== undefined) lines.push(`user: ${user}`);
  if (user === 'root') lines.push('disable_root: False');
  if (values.cipassword !== undefined) lines.push(`password: ${values.cipassword}`);
  if (values.sshkeys !== undefined) lines.push('ssh_authorized_keys:', ...keysOf(values.sshkeys));
  lines.push('chpasswd:', '  expire: False');
  if (user !== 'root') lines.push('users:', '  - default');
  if ((values.ciupgrade ?? '1') !== '0') lines.push('package_upgrade: true');
  return lines.map((line) => `${line}\n`).join('');
}

function keysOf(sshkeys: string): string[] {
  const keys = decodeURIComponent(sshkeys).split('\n');
  return keys.filter((key) => /\S/.test(key)).map((key) => `  - ${key}`);
}

interface Dns {
  readonly search: readonly string[];
  readonly nameservers: readonly string[];
}

/** The VM's own settings, else the node's: for the network text only, never for the fqdn. */
function dns(values: Values, resolver: Resolver): Dns {
  const words = (text: string | undefined) => (text ?? '').split(/\s+/).filter((word) => word !== '');
  const nameserver = values.nameserver;
  return {
    search: words(values.searchdomain ?? resolver?.search),
    nameservers: nameserver === undefined ? (resolver?.nameservers ?? []) : words(nameserver),
  };
}

interface IpConfig {
  readonly [key: string]: string | undefined;
}

function ipConfig(text: string): IpConfig {
  return Object.fromEntries(
    text.split(',').map((part) => {
      const at = part.indexOf('=');
      return [part.slice(0, at), part.slice(at + 1)];
    }),
  );
}

function networkConfig(values: Values, resolver: Resolver): string {
  const lines = ['version: 1', 'config:'];
  for (const key of networkKeys(values)) {
    const index = key.slice(3);
    const text = values[`ipconfig${index}`];
    if (text === undefined || text === '' || text === '0') continue;
    const mac = (parseNetworkDevice(values[key] ?? '').macaddr ?? '').toLowerCase();
    lines.push(
      '    - type: physical',
      `      name: eth${index}`,
      `      mac_address: '${mac}'`,
      '      subnets:',
    );
    lines.push(...subnets(ipConfig(text)).map((line) => `      ${line}`));
  }
  const { search, nameservers } = dns(values, resolver);
  lines.push('    - type: nameserver');
  if (nameservers.length > 0)
    lines.push('      address:', ...nameservers.map((server) => `      - '${server}'`));
  if (search.length > 0) lines.push('      search:', ...search.map((domain) => `      - '${domain}'`));
  return lines.map((line) => `${line}\n`).join('');
}

function subnets({ ip, gw, ip6, gw6 }: IpConfig): string[] {
  const lines: string[] = [];
  if (ip === 'dhcp') lines.push('- type: dhcp4');
  else if (ip !== undefined) {
    const [address = '', prefix = ''] = ip.split('/');
    lines.push('- type: static', `  address: '${address}'`, `  netmask: '${netmask(Number(prefix))}'`);
    if (gw !== undefined) lines.push(`  gateway: '${gw}'`);
  }
  if (ip6 === 'dhcp') lines.push('- type: dhcp6');
  else if (ip6 === 'auto') lines.push('- type: ipv6_slaac');
  else if (ip6 !== undefined) {
    lines.push('- type: static6', `  address: '${ip6}'`);
    if (gw6 !== undefined) lines.push(`  gateway: '${gw6}'`);
  }
  return lines;
}

function netmask(prefix: number): string {
  const octets = [0, 1, 2, 3].map((index) => 256 - 2 ** (8 - Math.min(8, Math.max(0, prefix - index * 8))));
  return octets.join('.');
}

function interfacesFile(values: Values, resolver: Resolver): string {
  const lines = ['auto lo', 'iface lo inet loopback', ''];
  const { search, nameservers } = dns(values, resolver);
  if (nameservers.length > 0) lines.push(`        dns_nameservers ${nameservers.join(' ')}`);
  if (search.length > 0) lines.push(`        dns_search ${search.join(' ')}`);
  for (const key of networkKeys(values)) {
    const text = values[`ipconfig${key.slice(3)}`];
    if (text === undefined || text === '' || text === '0') continue;
    lines.push(`auto eth${key.slice(3)}`, ...stanzas(`eth${key.slice(3)}`, ipConfig(text)));
  }
  return lines.map((line) => `${line}\n`).join('');
}

function stanzas(name: string, { ip, gw, ip6, gw6 }: IpConfig): string[] {
  const lines: string[] = [];
  const fixed = (family: string, address: string, mask: string, gateway: string | undefined) => {
    lines.push(`iface ${name} ${family} static`, `        address ${address}`, `        netmask ${mask}`);
    if (gateway !== undefined) lines.push(`        gateway ${gateway}`);
  };
  if (ip === 'dhcp') lines.push(`iface ${name} inet dhcp`);
  else if (ip !== undefined) fixed('inet', ip.split('/')[0] ?? '', netmask(Number(ip.split('/')[1])), gw);
  if (ip6 === 'dhcp' || ip6 === 'auto') lines.push(`iface ${name} inet6 ${ip6}`);
  else if (ip6 !== undefined) fixed('inet6', ip6.split('/')[0] ?? '', ip6.split('/')[1] ?? '', gw6);
  return lines;
}
