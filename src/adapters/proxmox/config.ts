import { z } from 'zod';
import { fingerprintSchema, httpsOriginSchema } from '../../lib/tls-schema.ts';

/** Schemas that the keys of a cluster are made of, from elsewhere. */
export interface ProxmoxFields<
  Secret extends z.ZodType,
  User extends z.ZodType,
  Port extends z.ZodType,
  File extends z.ZodType,
> {
  readonly secret: Secret;
  readonly user: User;
  readonly port: Port;
  readonly identityFile: File;
}

const nodeName = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i, 'is no node name');

const endpoint = httpsOriginSchema('must be https://HOST:PORT and nothing more');

/** User, realm and name of an API token (pve-access-control PVE/AccessControl.pm, `verify_tokenid`). */
const tokenId = z
  .string()
  .max(255)
  .regex(/^[^\s:/@!]+@[A-Za-z][A-Za-z0-9.\-_]+![A-Za-z][A-Za-z0-9.\-_]+$/, 'is not user@realm!name');

/** A pattern of host names: `{node}` once, no other braces, and nothing that ssh takes for an option. */
const nodePattern = z
  .string()
  .max(253)
  .regex(/^(?:[a-z0-9][a-z0-9._-]*)?\{node\}[a-z0-9._-]*$/i, 'must be a host name that holds {node} once');

/**
 * What to run on a node for the fingerprint of its certificate; one of one's own is `pveproxy-ssl.pem` there (pve-manager
 * PVE/Service/pveproxy.pm). Whoever takes the fingerprint from a connection trusts that connection.
 */
export const fingerprintCommand = 'openssl x509 -in /etc/pve/local/pve-ssl.pem -noout -fingerprint -sha256';

/** The keys of a Proxmox VE cluster: over HTTPS with a token, or by ssh with `pvesh` on its nodes. */
export function proxmoxSchema<
  Secret extends z.ZodType,
  User extends z.ZodType,
  Port extends z.ZodType,
  File extends z.ZodType,
>(fields: ProxmoxFields<Secret, User, Port, File>) {
  const keys = z.strictObject({
    type: z.literal('proxmox').meta({ description: 'A Proxmox VE cluster, or one node.' }),
    endpoints: z
      .array(endpoint)
      .min(1)
      .max(32)
      .optional()
      .meta({
        description:
          'Addresses of the API, one per node that may be asked; tried in this order. Not together with `ssh`.',
        examples: [['https://pve1.mgmt.internal:8006']],
      }),
    token: z
      .strictObject({
        id: tokenId.meta({ description: 'The API token.', examples: ['truename@pve!audit'] }),
        secret: fields.secret,
      })
      .optional()
      .meta({ description: 'Needed with `endpoints`.' }),
    ca: fields.identityFile.optional().meta({
      description:
        'PEM file of the authority that signed the certificates; the system’s authorities where it is left out.',
      examples: ['./pve-root-ca.pem'],
    }),
    fingerprint: fingerprintSchema.optional().meta({
      description: `SHA-256 of the one certificate that all endpoints show, in place of an authority. Compare it at the node: \`${fingerprintCommand}\`.`,
      examples: ['AA:BB:…'],
    }),
    ssh: z
      .strictObject({
        nodes: nodePattern.meta({
          description: 'How a node is reached by its name in the cluster.',
          examples: ['{node}.mgmt.internal'],
        }),
        entry: z
          .array(nodeName)
          .min(1)
          .max(32)
          .meta({
            description: 'Nodes that are asked what concerns the whole cluster, in this order.',
            examples: [['pve1', 'pve2']],
          }),
        user: fields.user,
        port: fields.port,
        identityFile: fields.identityFile.optional(),
      })
      .optional()
      .meta({ description: 'In place of `endpoints`: run `pvesh` on the nodes.' }),
  });
  return withOneWay(keys).meta({ title: 'Proxmox VE' });
}

/** Rules between the keys; they see unchecked input, so that they speak together with all other errors. */
function withOneWay<Schema extends z.ZodType>(schema: Schema): Schema {
  const has = (value: unknown, key: string) => typeof value === 'object' && value !== null && key in value;
  const always = { when: () => true };
  return schema
    .refine((value) => has(value, 'endpoints') !== has(value, 'ssh'), {
      ...always,
      error: 'needs either endpoints or ssh',
    })
    .refine((value) => !has(value, 'endpoints') || has(value, 'token'), {
      ...always,
      error: 'needs token together with endpoints',
    })
    .refine((value) => !(has(value, 'ca') && has(value, 'fingerprint')), {
      ...always,
      path: ['fingerprint'],
      error: 'cannot stand beside ca: the fingerprint replaces the authority',
    })
    .refine((value) => !has(value, 'ssh') || !['token', 'ca', 'fingerprint'].some((key) => has(value, key)), {
      ...always,
      path: ['ssh'],
      error: 'needs no token, ca or fingerprint',
    });
}

/** The host of a node, by the pattern `ssh.nodes`. */
export function nodeHost(pattern: string, node: string): string {
  return pattern.replace('{node}', () => node);
}
