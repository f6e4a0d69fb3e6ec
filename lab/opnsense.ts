import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
  { segment }: Firewall,
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
