import { z } from 'zod';
import { parseIpv4 } from '../domain/address.ts';
import { type ErrorCode, errorCodes } from '../domain/error.ts';
import { parseMac } from '../domain/mac.ts';
import { parseFqdn } from '../domain/name.ts';

/** No name, path or sentence of a machine is longer; what is, is no bundle of ours. */
const text = z.string().max(65_536);
const list = <T extends z.ZodType>(item: T) => z.array(item).max(10_000);
const time = z.iso.datetime();
const count = z.number().int();
const mac = text.transform((value, context) => parseMac(value) ?? refuse(context, 'no MAC address'));
const address = text.transform((value, context) => parseIpv4(value) ?? refuse(context, 'no IPv4 address'));
const fqdn = text.transform((value, context) => parseFqdn(value) ?? refuse(context, 'no full name'));
const optional = z.exactOptional;

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

const where = { source: text, at: time };
const code = z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]);

function observation<T extends z.ZodType>(value: T) {
  return z.discriminatedUnion('seen', [
    z.object({ seen: z.literal('value'), value, ...where }),
    z.object({ seen: z.literal('empty'), ...where }),
    z.object({ seen: z.literal('not-observable'), code, why: text, ...where }),
  ]);
}

const ref = z.object({ hypervisor: text, node: text, vmid: count });
const summary = z.object({
  ref,
  kind: z.enum(['vm', 'container']),
  name: optional(text),
  power: z.enum(['running', 'stopped', 'paused', 'unknown']),
  template: z.boolean(),
  tags: list(text),
  pool: optional(text),
  lock: optional(text),
});
const nic = z.object({
  slot: text,
  mac,
  bridge: optional(text),
  vlan: optional(count),
  ipv4: optional(z.union([z.enum(['dhcp', 'manual']), z.object({ fixed: address })])),
});
const configuration = z.object({
  ref,
  name: text,
  template: z.boolean(),
  uuid: optional(text),
  nics: list(nic),
  agentEnabled: z.boolean(),
  cloudInit: z.boolean(),
  searchDomain: optional(text),
  lock: optional(text),
  osType: optional(text),
  customSeed: optional(z.partialRecord(z.enum(['user', 'meta', 'network', 'vendor']), text)),
});
const segment = z.object({
  name: text,
  domain: text,
  bridge: optional(text),
  vlan: optional(count),
  subnet: optional(z.object({ network: address, prefix: z.int().min(0).max(32) })),
  dhcpServer: text,
  resolvers: list(text),
});
const seed = z.object({
  userHostname: optional(text),
  fqdn: optional(text),
  localHostname: optional(text),
  preserveHostname: optional(z.boolean()),
  instanceId: optional(text),
  custom: list(text),
});

const nameRule = z.discriminatedUnion('from', [
  z.object({ from: z.literal('profile'), name: text, file: text }),
  z.object({ from: z.enum(['static', 'transient']), cut: z.boolean(), legalOnly: z.boolean() }),
  z.object({ from: z.literal('nothing'), why: text }),
]);
/** JSON leaves out what is undefined: a key that must be there, perhaps undefined, may be missing here. */
const perhaps = <T extends z.ZodType>(schema: T) => schema.optional();
const anyClient = {
  version: text,
  device: text,
  activated: z.boolean(),
  acknowledgedName: perhaps(text),
  leaseExpiresAt: perhaps(time),
  clientId: perhaps(text),
};
const ruled = { ...anyClient, file: text, now: nameRule, nextBoot: nameRule };
const client = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('network-manager'),
    ...anyClient,
    devicePath: text,
    connection: z.object({
      uuid: text,
      id: text,
      file: text,
      storage: z.enum(['etc', 'run', 'usr-lib', 'memory']),
      linksTo: optional(text),
    }),
    savedName: text,
    appliedName: perhaps(text),
    appliedVersion: perhaps(z.number()),
    appliedTimeout: z.number(),
    sendsName: z.boolean(),
    appliedSendsName: optional(z.boolean()),
    fqdn: text,
    believedStatic: perhaps(text),
    otherNames: list(z.object({ file: text, name: text })),
  }),
  z.object({ kind: z.literal('networkd'), ...ruled, dropIns: list(text) }),
  z.object({
    kind: z.literal('dhcpcd'),
    ...ruled,
    mode: z.enum(['manager', 'interface']),
    family: optional(z.enum(['4', '6'])),
  }),
  z.object({ kind: z.literal('dhclient'), ...ruled, processes: list(count) }),
]);

const system = z.object({ path: text, declaredName: text, kernel: text, initrd: text, kernelModules: text });
const guestView = z.object({
  identity: z.object({ macs: list(mac), uuid: optional(text), bootId: text, clock: time }),
  os: z.object({ id: text, name: text, machineId: text, systemd: z.boolean() }),
  interfaces: list(
    z.object({
      device: text,
      mac: optional(mac),
      above: list(text),
      addresses: list(z.object({ address, dynamic: z.boolean() })),
      ipv6: list(text),
    }),
  ),
  host: z.object({ static: text, believedStatic: perhaps(text), transient: text }),
  nixos: z.object({ booted: perhaps(system), current: perhaps(system), next: perhaps(system) }),
  cloudInit: z.object({
    status: z.enum(['not-installed', 'disabled', 'not-started', 'running', 'done', 'error']),
    errors: list(text),
    givenName: optional(text),
    localHostname: optional(text),
    preserveHostname: optional(z.boolean()),
    instanceId: optional(text),
    previousInstanceId: optional(text),
    orderedBefore: optional(list(text)),
    networkStageBefore: optional(list(text)),
  }),
  client: perhaps(client),
  otherClients: list(client),
});

const lease = z.object({
  address,
  mac,
  name: optional(text),
  clientId: optional(text),
  expiresAt: optional(time),
});
const reservation = z.object({
  mac: optional(mac),
  clientId: optional(text),
  name: optional(text),
  address: optional(address),
  file: text,
  passedOver: optional(z.literal(true)),
});
const room = z.object({
  leases: count,
  most: optional(z.object({ leases: count, file: text })),
  ranges: list(
    z.object({
      from: address,
      to: address,
      mode: z.enum(['dynamic', 'reserved', 'proxy']),
      prefix: optional(count),
      file: text,
      taken: count,
    }),
  ),
});
function answer<T extends z.ZodType>(record: T) {
  return z.discriminatedUnion('status', [
    z.object({ status: z.literal('answered'), records: list(record) }),
    z.object({ status: z.literal('none') }),
    z.object({ status: z.literal('not-served'), why: text }),
  ]);
}
const way = z.enum(['agent', 'container-shell', 'ssh']);
const message = z.object({
  at: time,
  type: z.enum(['DISCOVER', 'OFFER', 'REQUEST', 'DECLINE', 'ACK', 'NAK', 'RELEASE', 'INFORM']),
  mac,
  hostName: optional(text),
  fqdn: optional(text),
  fqdnFlags: optional(count),
  clientId: optional(text),
  address: optional(address),
});

/**
 * One machine's evidence as it stands in a bundle; the same shape as `Evidence` once JSON has dropped what is
 * undefined.
 */
const evidenceSchema = z.object({
  takenAt: time,
  guest: summary,
  configuration: observation(configuration),
  nic: perhaps(nic),
  segment: perhaps(segment),
  wanted: text,
  fqdn: perhaps(fqdn),
  seed: observation(seed),
  entry: z.object({
    way: optional(way),
    tried: list(
      z.object({
        way,
        outcome: z.enum(['used', 'failed', 'passed-over']),
        code: optional(code),
        why: text,
      }),
    ),
  }),
  agent: observation(list(z.object({ name: text, mac: optional(mac), addresses: list(address) }))),
  hostKeys: z.enum(['as-pinned', 'differ', 'not-pinned', 'unknown']),
  snapshot: z.object({
    hypervisor: observation(text),
    guest: observation(guestView),
    lease: observation(z.object({ lease, readAt: time })),
    resolvers: list(
      z.object({
        resolver: text,
        forward: observation(answer(address)),
        forward6: optional(observation(answer(text))),
        reverse: observation(answer(fqdn)),
        knowsDomain: optional(observation(z.boolean())),
      }),
    ),
  }),
  reservation: observation(reservation),
  neighbours: z.object({
    templates: list(text),
    namesakes: list(z.object({ ref, name: text })),
    leases: observation(list(lease)),
    nics: list(z.object({ nic, segment: optional(text) })),
    reservations: optional(observation(list(reservation))),
    hostEntries: optional(observation(list(z.object({ address, names: list(text), file: text })))),
    holders: optional(observation(list(z.object({ mac, ref, name: optional(text), template: z.boolean() })))),
    elsewhere: optional(list(z.object({ dhcpServer: text, leases: observation(list(lease)) }))),
    room: optional(observation(room)),
  }),
  wire: optional(
    observation(z.object({ port: text, seconds: z.number(), messages: list(message), unreadable: count })),
  ),
});

/** The whole file. */
export const bundleSchema = z.object({
  schema: z.literal('truename/bundle/1'),
  madeAt: time,
  /** Of the truename that made it. */
  version: text,
  /** True when names were replaced by keyed hashes. */
  namesHashed: z.boolean(),
  machines: list(evidenceSchema).min(1),
});
