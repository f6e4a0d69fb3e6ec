import { z } from 'zod';

/** Where dnsmasq keeps its leases on OPNsense (src/etc/inc/plugins.inc.d/dnsmasq.inc of opnsense/core). */
const leaseFileOfOpnsense = '/var/db/dnsmasq.leases';

/** The keys of a dnsmasq server; `ssh` is the schema of the way to its machine. */
export function dnsmasqSchema<Ssh extends z.ZodType>(ssh: Ssh) {
  return z
    .strictObject({
      type: z.literal('dnsmasq').meta({ description: 'A dnsmasq that hands out the leases.' }),
      ssh: ssh.meta({ description: 'The machine that it runs on.' }),
      leaseFile: z
        .string()
        .max(4096)
        .regex(/^\/[^\p{Cc}]+$/u, 'is no absolute path')
        .default(leaseFileOfOpnsense)
        .meta({
          description: 'Its lease database on that machine (option `dhcp-leasefile`).',
          examples: ['/var/lib/misc/dnsmasq.leases'],
        }),
    })
    .meta({ title: 'dnsmasq' });
}
