import { z } from 'zod';
import { dnsSchema } from '../adapters/dns/config.ts';
import { dnsmasqSchema } from '../adapters/dnsmasq/config.ts';
import { keaSchema } from '../adapters/kea/config.ts';
import {
  hostSchema,
  identityFileSchema,
  portSchema,
  sshTargetSchema,
  userSchema,
} from '../adapters/openssh/config.ts';
import { opnsenseSchema } from '../adapters/opnsense/config.ts';
import { proxmoxSchema } from '../adapters/proxmox/config.ts';
import { parseSubnet } from '../domain/address.ts';
import { secretReferenceSchema } from './secret.ts';

/** How things are called in the file, and referred to. */
const id = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?$/i, 'is no name: letters, digits, and inner . _ -');

/** A domain of one label or more (RFC 1123 section 2.1), of which a trailing dot is no part here. */
const domain = z
  .string()
  .max(189)
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i,
    'is no domain',
  );

const hypervisor = z.discriminatedUnion('type', [
  proxmoxSchema({
    secret: secretReferenceSchema,
    user: userSchema.default('root').meta({ description: 'Login name on the nodes.', examples: ['root'] }),
    port: portSchema.optional(),
    identityFile: identityFileSchema,
  }),
]);

const dhcpServer = z.discriminatedUnion('type', [
  dnsmasqSchema(sshTargetSchema),
  opnsenseSchema({ secret: secretReferenceSchema, file: identityFileSchema }),
  keaSchema({ ssh: sshTargetSchema, secret: secretReferenceSchema, file: identityFileSchema }),
]);

const resolver = z.discriminatedUnion('type', [dnsSchema(hostSchema)]);

const segment = z.strictObject({
  domain: domain.meta({
    description: 'The domain under which its guests are known.',
    examples: ['srv.internal'],
  }),
  bridge: z
    .string()
    .regex(/^[-_.\w]{1,64}$/, 'is no bridge name')
    .optional()
    .meta({
      description:
        'The bridge that its guests are plugged into; any bridge where it is left out, which only a sole segment may.',
      examples: ['lan'],
    }),
  vlan: z
    .int()
    .min(1)
    .max(4094)
    .optional()
    .meta({ description: 'The VLAN tag; untagged where it is left out.', examples: [210] }),
  subnet: z
    .string()
    .refine((text) => parseSubnet(text) !== undefined, 'is no IPv4 subnet such as 10.2.10.0/24')
    .optional()
    .meta({
      description: 'The addresses that it may hold; any address where it is left out.',
      examples: ['10.2.10.0/24'],
    }),
  dhcpServer: id.meta({ description: 'Name of the one under `dhcpServers`.', examples: ['firewall'] }),
  resolvers: z
    .array(id)
    .min(1)
    .max(16)
    .meta({
      description: 'Names of those under `resolvers`, one at least.',
      examples: [['firewall']],
    }),
});

const guestRule = z.strictObject({
  match: z
    .strictObject({
      tag: z
        .string()
        .min(1)
        .optional()
        .meta({ description: 'A tag that it bears.', examples: ['nixos'] }),
      pool: z
        .string()
        .min(1)
        .optional()
        .meta({ description: 'The pool that it is in.', examples: ['lab'] }),
      template: z
        .boolean()
        .optional()
        .meta({ description: 'Whether it is a template.', examples: [false] }),
      name: z
        .string()
        .min(1)
        .max(255)
        .optional()
        .meta({ description: 'Its name; `*` stands for any text.', examples: ['web-*'] }),
    })
    .default({})
    .meta({ description: 'All that is given must hold; every guest where it is left out.' }),
  user: userSchema.meta({ description: 'Login name in the guest.', examples: ['tappaas'] }),
  identityFile: identityFileSchema.optional(),
  nic: z
    .string()
    .regex(/^net\d{1,2}$/, 'is no network interface such as net0')
    .optional()
    .meta({
      description:
        'The network interface that carries the name; the first that a segment holds where it is left out.',
      examples: ['net1'],
    }),
});

const seconds = (value: number, description: string) =>
  z
    .int()
    .min(1)
    .max(3600)
    .default(value)
    .meta({ description: `${description}, in seconds.` });

/** The whole of `truename.yaml`. Names between its parts are checked by `crossReferenceProblems`. */
export const configurationSchema = z
  .strictObject({
    hypervisors: z.record(id, hypervisor).meta({ description: 'Hypervisors, by a name of your choice.' }),
    dhcpServers: z
      .record(id, dhcpServer)
      .default({})
      .meta({ description: 'DHCP servers, by a name of your choice.' }),
    resolvers: z
      .record(id, resolver)
      .default({})
      .meta({ description: 'DNS resolvers, by a name of your choice.' }),
    segments: z.record(id, segment).default({}).meta({
      description:
        'Networks of guests, by name; the first that fits a network interface holds it. Without one, leases and DNS are not looked at.',
    }),
    guests: z.array(guestRule).max(1000).default([]).meta({
      description: 'How to log in to guests; the first rule that matches counts, else the user `tappaas`.',
    }),
    prove: z
      .array(z.enum(['reverse']))
      .default([])
      .meta({
        description:
          'Links of the chain that must hold even where the network does not offer them: `reverse`, the PTR record.',
        examples: [['reverse']],
      }),
    templateNames: z
      .array(z.string().min(1).max(253))
      .max(1000)
      .default([])
      .meta({
        description:
          'Names that templates give to their clones, beside the names of the templates at the hypervisor: whoever bears one was never named on purpose.',
        examples: [['debian', 'nixos']],
      }),
    stateDirectory: z
      .string()
      .min(1)
      .max(4096)
      .optional()
      .meta({
        description: 'Where pins and journal are kept; the state directory of the user where it is left out.',
        examples: ['/var/lib/truename'],
      }),
    timeouts: z
      .strictObject({
        request: seconds(30, 'For one question to a server'),
        boot: seconds(300, 'For a guest to start or reboot'),
        proof: seconds(30, 'For a name to arrive at lease and DNS'),
      })
      .prefault({})
      .meta({ description: 'How long to wait.' }),
  })
  .meta({ title: 'truename.yaml' });

/** The file as validated, with defaults. */
export type ConfigurationFile = z.output<typeof configurationSchema>;
