import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Release } from '../facades/opnsense/release.ts';
import { keaOff, type OpnsenseState } from '../facades/opnsense/state.ts';
import type { World } from '../facades/opnsense/world.ts';
import { configure, dhcpRuns, type Firewall } from './firewall.ts';

/** The real dnsmasq of a firewall as what lies behind the API of an OPNsense. */
export function opnsenseWorld(firewall: Firewall): World {
  return {
    async apply({ directives, hosts }) {
      await writeFile(join(firewall.root, 'var/etc/dnsmasq-hosts'), hosts);
      // One that does not start is what the product answers ok to; whether it runs is seen by its process.
      await configure(firewall, 'opnsense', directives).catch(() => undefined);
    },
    running: () => dhcpRuns(firewall),
    leaseFile: () => readFile(firewall.leaseFile, 'utf8'),
  };
}

/** The configuration of such a firewall as its API shows it, with no host entry yet. */
export function opnsenseState(
  segment: { readonly domain: string },
  key: { readonly key: string; readonly secret: string },
): OpnsenseState {
  const ranges = [{ interface: 'lan', domain: '' }];
  return {
    release: '26.7.2',
    name: `fw.${segment.domain}`,
    keys: [
      { ...key, privileges: ['page-services-dnsforwarder', 'page-system-login-logout', 'page-dhcp-kea-v4'] },
    ],
    dnsmasq: { enable: true, port: '53053', domain: segment.domain, ranges },
    interfaces: [{ name: 'lan', device: 'eth0', description: 'LAN' }],
    hosts: [],
    kea: keaOff(),
  };
}

/** The uuid of the only subnet of its Kea. */
export const keaSubnetUuid = '11111111-2222-4333-8444-000000000001';

/** The same whose leases Kea hands out in the place of Dnsmasq, with no reservation yet. */
export function withKea(
  state: OpnsenseState,
  { subnet, firstLease, lastLease, options }: KeaRange,
  release: Release = state.release,
): OpnsenseState {
  const served = { uuid: keaSubnetUuid, subnet, pools: `${firstLease}-${lastLease}` };
  return {
    ...{ ...state, release, dnsmasq: { ...state.dnsmasq, ranges: [] } },
    kea: {
      ...keaOff(),
      enabled: true,
      subnets: [{ ...served, ...(options === undefined ? {} : { options }) }],
    },
  };
}

/** What a Kea serves. */
export interface KeaRange {
  readonly subnet: string;
  readonly firstLease: string;
  readonly lastLease: string;
  /** By Kea's names: `routers`. */
  readonly options?: Readonly<Record<string, string>>;
}
