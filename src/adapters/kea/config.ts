import { z } from 'zod';
import { fingerprintSchema } from '../../lib/tls-schema.ts';

/** Schemas that the keys are made of, from elsewhere. */
export interface KeaFields<Ssh extends z.ZodType, Secret extends z.ZodType, File extends z.ZodType> {
  readonly ssh: Ssh;
  readonly secret: Secret;
  readonly file: File;
}

const absolutePath = z
  .string()
  .max(4096)
  .regex(/^\/[^\p{Cc}]+$/u, 'is no absolute path');

/** Debian's packages of Kea 2.2 and 2.6 have these (kea-dhcp4.conf, `control-socket`). */
const debian = {
  socket: '/run/kea/kea4-ctrl-socket',
  socket6: '/run/kea/kea6-ctrl-socket',
  configurationFile: '/etc/kea/kea-dhcp4.conf',
} as const;

const url = z
  .string()
  .max(512)
  .refine(
    (text) => /^https?:\/\/[^/?#@\s]+\/?$/i.test(text) && URL.canParse(text),
    'must be http://HOST:PORT or https://HOST:PORT and nothing more',
  );

/** The keys of a Kea: by ssh with the control sockets of its daemons, or over HTTP. */
export function keaSchema<Ssh extends z.ZodType, Secret extends z.ZodType, File extends z.ZodType>({
  ssh,
  secret,
  file,
}: KeaFields<Ssh, Secret, File>) {
  return z
    .strictObject({
      type: z.literal('kea').meta({ description: 'A Kea that hands out the leases.' }),
      ssh: ssh.optional().meta({
        description:
          'The machine that it runs on; its reservations can be written this way. Not together with `url`.',
      }),
      socket: absolutePath.default(debian.socket).meta({
        description: 'With `ssh`: the control socket of its DHCPv4 daemon.',
        examples: [debian.socket],
      }),
      socket6: absolutePath.default(debian.socket6).meta({
        description: 'With `ssh` and `ipv6`: the control socket of its DHCPv6 daemon.',
        examples: [debian.socket6],
      }),
      configurationFile: absolutePath.default(debian.configurationFile).meta({
        description: 'With `ssh`: the file that its DHCPv4 daemon is started with.',
        examples: [debian.configurationFile],
      }),
      url: url.optional().meta({
        description:
          'In place of `ssh`: the address of its control agent, by which it is only read. Over `http` the password can be overheard.',
        examples: ['https://kea.mgmt.internal:8000'],
      }),
      user: z
        .string()
        .min(1)
        .max(255)
        .regex(/^[^:\p{Cc}]+$/u, 'is no user name')
        .optional()
        .meta({
          description: 'With `url`: who we are, by HTTP basic authentication.',
          examples: ['truename'],
        }),
      password: secret.optional().meta({
        description: 'Needed with `user`: where the password is: `env:NAME` or `file:PATH` (its first line).',
        examples: ['file:~/.config/truename/kea-password'],
      }),
      ca: file.optional().meta({
        description:
          'With `url`: PEM file of the authority that signed its certificate; the system’s authorities where it is left out.',
        examples: ['./kea-ca.pem'],
      }),
      fingerprint: fingerprintSchema.optional().meta({
        description: 'With `url`: SHA-256 of its certificate, in place of an authority.',
        examples: ['AA:BB:…'],
      }),
      ipv6: z
        .boolean()
        .default(false)
        .meta({ description: 'Whether the leases of its DHCPv6 daemon are read too.' }),
    })
    .refine((value) => (value.ssh === undefined) !== (value.url === undefined), {
      error: 'needs either ssh or url',
    })
    .refine((value) => (value.user === undefined) === (value.password === undefined), {
      path: ['user'],
      error: 'stands together with password, or neither does',
    })
    .refine((value) => !(value.ca !== undefined && value.fingerprint !== undefined), {
      path: ['fingerprint'],
      error: 'cannot stand beside ca: the fingerprint replaces the authority',
    })
    .meta({ title: 'Kea' });
}
