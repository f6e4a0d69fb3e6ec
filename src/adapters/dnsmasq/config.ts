import { z } from 'zod';

/** Where dnsmasq keeps its leases on OPNsense (src/etc/inc/plugins.inc.d/dnsmasq.inc of opnsense/core). */
const leaseFileOfOpnsense = '/var/db/dnsmasq.leases';

const absolutePath = z
  .string()
  .max(4096)
  .regex(/^\/[^\p{Cc}]+$/u, 'is no absolute path');

/** The keys of a dnsmasq server; `ssh` is the schema of the way to its machine. */
export function dnsmasqSchema<Ssh extends z.ZodType>(ssh: Ssh) {
  return z
    .strictObject({
      type: z.literal('dnsmasq').meta({ description: 'A dnsmasq that hands out the leases.' }),
      ssh: ssh.meta({ description: 'The machine that it runs on.' }),
      leaseFile: absolutePath.default(leaseFileOfOpnsense).meta({
        description: 'Its lease database on that machine (option `dhcp-leasefile`).',
        examples: ['/var/lib/misc/dnsmasq.leases'],
      }),
      configurationFile: absolutePath.optional().meta({
        description:
          'Its configuration file on that machine; where not given, the one that the running dnsmasq was started with.',
        examples: ['/usr/local/etc/dnsmasq.conf'],
      }),
    })
    .meta({ title: 'dnsmasq' });
}
