import { z } from 'zod';
import { parseAddressRange } from '../../domain/address-range.ts';
import { fingerprintSchema, httpsOriginSchema } from '../../lib/tls-schema.ts';

/** Schemas that the keys are made of, from elsewhere. */
export interface OpnsenseFields<Secret extends z.ZodType, File extends z.ZodType> {
  readonly secret: Secret;
  readonly file: File;
}

/**
 * What to run at the firewall for the fingerprint of the certificate of its web interface (opnsense/core I/webgui.inc writes
 * /var/etc/cert.pem). Whoever takes the fingerprint from a connection trusts that connection.
 */
export const fingerprintCommand = 'openssl x509 -in /var/etc/cert.pem -noout -fingerprint -sha256';

const url = httpsOriginSchema('must be https://HOST or https://HOST:PORT and nothing more');

/** The keys of an OPNsense as DHCP server. */
export function opnsenseSchema<Secret extends z.ZodType, File extends z.ZodType>({
  secret,
  file,
}: OpnsenseFields<Secret, File>) {
  return z
    .strictObject({
      type: z
        .literal('opnsense')
        .meta({ description: 'An OPNsense by its API, with Dnsmasq or Kea as its DHCP server.' }),
      url: url.meta({
        description: 'The address of its web interface.',
        examples: ['https://firewall.mgmt.internal'],
      }),
      key: secret.meta({
        description: 'Where the API key is: `env:NAME` or `file:PATH` (its first line).',
        examples: ['env:OPNSENSE_KEY'],
      }),
      secret: secret.meta({
        description: 'Where the secret of that key is: `env:NAME` or `file:PATH` (its first line).',
        examples: ['file:~/.config/truename/opnsense-secret'],
      }),
      ca: file.optional().meta({
        description:
          'PEM file of the authority that signed its certificate; the system’s authorities where it is left out.',
        examples: ['./firewall-ca.pem'],
      }),
      fingerprint: fingerprintSchema.optional().meta({
        description: `SHA-256 of its certificate, in place of an authority: its own names no IP address. Compare it at the firewall: \`${fingerprintCommand}\`.`,
        examples: ['AA:BB:…'],
      }),
      backend: z.enum(['auto', 'dnsmasq', 'kea']).default('auto').meta({
        description: 'What hands out the leases there; `auto` asks which of them is switched on.',
      }),
      addresses: z
        .array(
          z
            .string()
            .refine(
              (text) => parseAddressRange(text) !== undefined,
              'is no range such as 10.2.10.50-10.2.10.99',
            ),
        )
        .max(64)
        .default([])
        .meta({
          description:
            'Ranges of addresses of which a free one may be reserved for a guest without a lease, where the product takes no reservation without an address (Kea). None is ever guessed.',
          examples: [['10.2.10.50-10.2.10.99']],
        }),
      dnsPort: z
        .int()
        .min(1)
        .max(65_535)
        .optional()
        .meta({
          description:
            'The port at which its Dnsmasq answers DNS questions of this machine. With it, a Dnsmasq that runs and answers nothing is told from one that works.',
          examples: [53053],
        }),
    })
    .refine((value) => !(value.ca !== undefined && value.fingerprint !== undefined), {
      path: ['fingerprint'],
      error: 'cannot stand beside ca: the fingerprint replaces the authority',
    })
    .meta({ title: 'OPNsense' });
}
