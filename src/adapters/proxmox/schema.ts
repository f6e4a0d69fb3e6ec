import { z } from 'zod';

/**
 * The product's answers, as leniently as it writes them: any number may come as a string, since
 * Perl prints a number as text once it was used as one; booleans are 1 and 0; keys without a value
 * are left out. Unknown keys are let through and not read.
 */

/** A whole number as number or digits. */
const integer = z.union([z.int(), z.string().regex(/^\d{1,15}$/)]).transform(Number);

/** 1, 0, true, false, or the digits as text. */
const flag = z
  .union([z.boolean(), z.literal([0, 1, '0', '1', ''])])
  .transform((value) => Number(value) === 1);

/** A single value of any type as text. */
const scalar = z.union([z.string().max(65_536), z.number(), z.boolean()]).transform(String);

/** A list that is counted before its items are looked at: a guest that writes it may write 100,000. */
function bounded<Item extends z.ZodType>(item: Item, most: number) {
  return z.array(z.unknown()).max(most).pipe(z.array(item));
}

/** The name of a node (pve-common PVE/JSONSchema.pm, `pve-node`). */
const nodeName = z.string().regex(/^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/);

/** The frame around each answer over HTTPS (pve-http-server PVE/APIServer/Formatter/Standard.pm). */
export const answerSchema = z.looseObject({
  data: z.unknown().optional(),
  message: z.string().optional(),
  errors: z.record(z.string(), z.string()).optional(),
});

/** What tells the rows of GET /cluster/resources apart; a row is read whole when it is asked for. */
export const resourceKeysSchema = z.array(
  z.looseObject({ type: z.string(), vmid: integer.optional().catch(undefined) }),
);

/** The row of a guest in GET /cluster/resources (pve-manager PVE/API2Tools.pm, `extract_vm_stats`). */
export const resourceSchema = z.looseObject({
  type: z.enum(['qemu', 'lxc']),
  vmid: integer,
  node: nodeName,
  status: z.string().max(64).default('unknown'),
  name: scalar.optional(),
  template: flag.default(false),
  tags: scalar.default(''),
  pool: scalar.optional(),
  lock: z.string().max(64).optional(),
});

/** GET /access/permissions: by path, the privileges with whether they go on to paths below. */
export const permissionsSchema = z.record(z.string(), z.record(z.string(), z.unknown()));

/** A guest's configuration: every single value as text, anything else as none. */
export const configurationSchema = z.record(z.string(), scalar.catch(''));

/** GET /cluster/nextid: a number of a guest, which the product writes as text. */
export const numberSchema = integer;

/** Of a whole configuration file (pve-guest-common PVE/AbstractConfig.pm, `load_config`): SHA-1, in hexadecimal. */
export const digestSchema = z.looseObject({ digest: z.string().regex(/^[0-9a-f]{40}$/) });

/** GET storage of a node (pve-storage PVE/API2/Storage/Status.pm, `index`). */
export const storagesSchema = bounded(
  z.looseObject({
    storage: z.string().regex(/^[a-z][a-z0-9\-_.]*[a-z0-9]$/i),
    active: flag.default(false),
    shared: flag.default(false),
  }),
  4096,
);

/** GET pending of a guest: a line for each key; `delete` is 1, or 2 by force. */
export const pendingSchema = bounded(
  z.looseObject({
    key: z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/),
    pending: scalar.optional(),
    delete: integer.transform((value) => value > 0).default(false),
  }),
  4096,
);

/** GET status/current of a VM or container, as far as it is read. */
export const statusSchema = z.looseObject({
  status: z.string().max(64),
  /** QEMU's own word for the state; a container has none. */
  qmpstatus: z.string().max(64).optional(),
  /** Of the VM's process; absent when stopped. */
  pid: integer.optional(),
});

/** The id of a task (pve-common PVE/UPID.pm). */
export const upidSchema = z
  .string()
  .max(512)
  .regex(
    /^UPID:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?:[0-9A-Fa-f]{8}:[0-9A-Fa-f]{8,9}:[0-9A-Fa-f]{8}:[^:\s/]+:[^:\s/]*:[^:\s/]+:$/,
  );

/**
 * GET cloudinit/dump. The product bounds all texts of a seed together at 3 MiB (qemu-server
 * PVE/QemuServer/Cloudinit.pm).
 */
export const seedSchema = z.string().max(3 * 1024 * 1024);

/** GET tasks/{upid}/status; `exitstatus` only once it is stopped. */
export const taskStatusSchema = z.looseObject({
  status: z.enum(['running', 'stopped']),
  exitstatus: z.string().max(65_536).optional(),
});

/** GET tasks/{upid}/log. */
export const taskLogSchema = z.array(z.looseObject({ t: z.string().max(65_536).catch('') }));

/** An error that the agent itself gave: inside an answer with status 200. */
const agentErrorSchema = z.looseObject({
  error: z.looseObject({ class: z.string().optional(), desc: z.string().optional() }),
});

const agentInterfaceSchema = z.looseObject({
  name: z.string().max(255),
  'hardware-address': z.string().max(64).optional(),
  // The agent leaves the list out for an interface without addresses.
  'ip-addresses': bounded(z.looseObject({ 'ip-address': z.string().max(64) }), 65_536).default([]),
});

/** GET agent/network-get-interfaces (qemu qga/qapi-schema.json, `GuestNetworkInterface`). */
export const agentInterfacesSchema = z.looseObject({
  result: z.union([agentErrorSchema, bounded(agentInterfaceSchema, 4096)]),
});

/** GET lxc/{vmid}/interfaces; null for a container that does not run, and for a number that is none. */
export const containerInterfacesSchema = bounded(
  z.looseObject({
    name: z.string().max(255),
    hwaddr: z.string().max(64).optional(),
    'hardware-address': z.string().max(64).optional(),
    inet: z.string().max(64).optional(),
    'ip-addresses': bounded(
      z.looseObject({ 'ip-address': z.string().max(64).optional() }),
      65_536,
    ).optional(),
  }),
  4096,
).nullable();

/** POST agent/exec. */
export const agentExecSchema = z.looseObject({ pid: integer });

/** GET agent/exec-status; the texts are left out when empty. */
export const agentExecStatusSchema = z.looseObject({
  exited: flag,
  exitcode: integer.optional(),
  signal: integer.optional(),
  'out-data': z.string().default(''),
  'err-data': z.string().default(''),
  'out-truncated': flag.default(false),
  'err-truncated': flag.default(false),
});
