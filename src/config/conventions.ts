import { z } from 'zod';
import { parseSubnet } from '../domain/address.ts';
import type { SourceDocument } from './document.ts';
import { formatPath } from './key-path.ts';
import { ConfigurationError } from './problem.ts';
import type { ConfigurationFile } from './schema.ts';
import { configurationSchema } from './schema.ts';

/** Where TAPPaaS keeps its zones, in the home directory of its controller's user. */
export const zonesFile = 'config/zones.json';

/** The bridge of TAPPaaS zones that name none. */
const defaultBridge = 'lan';

/** Host name and id of the machine that does DHCP and DNS. */
const firewall = 'firewall.mgmt.internal';

/** A zone, as far as it is read; VLAN 0 stands for untagged. */
const zoneSchema = z.looseObject({
  vlantag: z.coerce.number().int().min(0).max(4094),
  bridge: z.string().optional(),
  ip: z.string().optional(),
});

/**
 * What holds without a file: a TAPPaaS site, seen from its controller. With zones, each is a
 * segment `<zone>.internal`; without, there is one segment `mgmt`, untagged on any bridge.
 */
export function conventions(zones: SourceDocument | undefined): ConfigurationFile {
  return configurationSchema.parse({
    hypervisors: {
      tappaas: {
        type: 'proxmox',
        ssh: { nodes: '{node}.mgmt.internal', entry: ['tappaas1', 'tappaas2', 'tappaas3'], user: 'root' },
      },
    },
    dhcpServers: { firewall: { type: 'dnsmasq', ssh: { host: firewall, user: 'root' } } },
    resolvers: { firewall: { type: 'dns', address: firewall } },
    segments: zones === undefined ? { mgmt: segment('mgmt') } : segmentsOf(zones),
  });
}

function segment(zone: string): { domain: string; dhcpServer: string; resolvers: string[] } {
  return { domain: `${zone}.internal`, dhcpServer: 'firewall', resolvers: ['firewall'] };
}

function segmentsOf(zones: SourceDocument): Record<string, unknown> {
  const entries = Object.entries(isObject(zones.value) ? zones.value : {}).filter(([, zone]) => isZone(zone));
  const problems = entries.flatMap(([name, zone]) => problemOf(name, zone, zones));
  if (entries.length === 0)
    problems.push(zones.problemAt([], 'There is no zone with a vlantag in this file.'));
  if (problems.length > 0) throw new ConfigurationError(zones.file, problems);
  return Object.fromEntries(
    entries.map(([name, zone]) => {
      const { vlantag, bridge = defaultBridge, ip } = zoneSchema.parse(zone);
      const vlan = vlantag === 0 ? {} : { vlan: vlantag };
      return [name, { ...segment(name), ...vlan, bridge, ...(ip === undefined ? {} : { subnet: ip }) }];
    }),
  );
}

/** Remarks and groups without a VLAN of their own are passed over. */
function isZone(value: unknown): boolean {
  return isObject(value) && 'vlantag' in value;
}

function problemOf(name: string, zone: unknown, zones: SourceDocument) {
  const result = zoneSchema.safeParse(zone);
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(name)) {
    return [zones.problemAtKey([], name, `${formatPath([name])} is no name that a domain may have.`)];
  }
  if (!result.success) {
    return result.error.issues.map((issue) => {
      const path = [name, ...issue.path];
      return zones.problemAt(path, `${formatPath(path)} is not what a zone has there.`);
    });
  }
  if (result.data.bridge !== undefined && !/^[-_.\w]{1,64}$/.test(result.data.bridge)) {
    return [zones.problemAt([name, 'bridge'], `${formatPath([name, 'bridge'])} is no bridge name.`)];
  }
  if (result.data.ip === undefined || parseSubnet(result.data.ip) !== undefined) return [];
  return [
    zones.problemAt([name, 'ip'], `${formatPath([name, 'ip'])} is no IPv4 subnet such as 10.2.10.0/24.`),
  ];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
