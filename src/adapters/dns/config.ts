import { z } from 'zod';

/** The keys of a resolver; `host` is the schema of host names and addresses. */
export function dnsSchema<Host extends z.ZodType>(host: Host) {
  return z
    .strictObject({
      type: z.literal('dns').meta({ description: 'A server that is asked over DNS.' }),
      address: host.meta({
        description: 'Its address, or a name that the system resolves when it is used.',
        examples: ['10.2.10.1'],
      }),
      port: z
        .int()
        .min(1)
        .max(65_535)
        .default(53)
        .meta({ description: 'UDP and TCP port.', examples: [53] }),
    })
    .meta({ title: 'DNS' });
}
