import { parseSubnet } from '../domain/address.ts';
import { parseAddressRange } from '../domain/address-range.ts';
import type { Segment } from '../domain/segment.ts';
import { parseFingerprint, type TlsTrust } from '../domain/tls-trust.ts';
import type {
  Configuration,
  ConfigurationOrigin,
  DhcpServerDefinition,
  HypervisorDefinition,
  KeaDefinition,
  ProxmoxSshAccess,
  SshDefinition,
} from './configuration.ts';
import { loginOf, nicOf } from './login.ts';
import type { ConfigurationFile } from './schema.ts';
import { createSecret } from './secret.ts';

/** What the file only names: paths, and the text of the authorities' certificates by `authorityKey`. */
export interface ResolveOptions {
  readonly origin: ConfigurationOrigin;
  readonly absolute: (path: string) => string;
  readonly authorities: ReadonlyMap<string, string>;
}

/** The validated file as the objects that Truename works with. */
export function resolveConfiguration(file: ConfigurationFile, options: ResolveOptions): Configuration {
  const { origin, absolute, authorities } = options;
  return {
    origin,
    hypervisors: Object.entries(file.hypervisors).map(([id, definition]): HypervisorDefinition => {
      return {
        id,
        type: definition.type,
        access: accessOf(definition, authorities.get(authorityKey('hypervisors', id)), absolute),
      };
    }),
    dhcpServers: Object.entries(file.dhcpServers).map(([id, definition]) =>
      dhcpServerOf(id, definition, authorities.get(authorityKey('dhcpServers', id)), absolute),
    ),
    resolvers: Object.entries(file.resolvers).map(([id, definition]) => ({ id, ...definition })),
    segments: Object.entries(file.segments).map(segmentOf),
    prove: file.prove,
    templateNames: file.templateNames,
    timeouts: {
      requestMs: file.timeouts.request * 1000,
      bootMs: file.timeouts.boot * 1000,
      proofMs: file.timeouts.proof * 1000,
    },
    ...(file.stateDirectory === undefined ? {} : { stateDirectory: absolute(file.stateDirectory) }),
    loginFor: (guest) => loginOf(guest, file.guests, absolute),
    nicFor: (guest) => nicOf(guest, file.guests),
  };
}

/** By what the text of an authority is found that a product of this id names. */
export function authorityKey(group: 'hypervisors' | 'dhcpServers', id: string): string {
  return `${group}.${id}`;
}

function dhcpServerOf(
  id: string,
  definition: ConfigurationFile['dhcpServers'][string],
  authority: string | undefined,
  absolute: (path: string) => string,
): DhcpServerDefinition {
  switch (definition.type) {
    case 'dnsmasq': {
      const { type, ssh, leaseFile, configurationFile } = definition;
      return {
        id,
        type,
        ssh: { ...loginPart(ssh, absolute), host: ssh.host },
        leaseFile,
        ...(configurationFile === undefined ? {} : { configurationFile }),
      };
    }
    case 'kea': {
      const { type, ipv6 } = definition;
      return { id, type, ipv6, access: keaAccess(definition, authority, absolute) };
    }
    case 'opnsense': {
      const { type, url, key, secret, fingerprint, backend, addresses, dnsPort } = definition;
      return {
        id,
        type,
        url,
        key: createSecret(absoluteReference(key, absolute)),
        secret: createSecret(absoluteReference(secret, absolute)),
        trust: trustOf(fingerprint, authority),
        backend,
        addresses: addresses.flatMap((each) => parseAddressRange(each) ?? []),
        ...(dnsPort === undefined ? {} : { dnsPort }),
      };
    }
  }
}

function keaAccess(
  definition: Extract<ConfigurationFile['dhcpServers'][string], { type: 'kea' }>,
  authority: string | undefined,
  absolute: (path: string) => string,
): KeaDefinition['access'] {
  const { ssh, socket, socket6, configurationFile, url = '', user, password, fingerprint } = definition;
  if (ssh !== undefined) {
    const login = { ...loginPart(ssh, absolute), host: ssh.host };
    return { kind: 'ssh', ssh: login, socket, socket6, configurationFile };
  }
  const secret = password === undefined ? undefined : createSecret(absoluteReference(password, absolute));
  return {
    kind: 'http',
    url,
    trust: trustOf(fingerprint, authority),
    ...(user === undefined || secret === undefined ? {} : { login: { user, password: secret } }),
  };
}

type FileHypervisor = ConfigurationFile['hypervisors'][string];

function accessOf(
  definition: FileHypervisor,
  authority: string | undefined,
  absolute: (path: string) => string,
): HypervisorDefinition['access'] {
  const { ssh, endpoints = [], token } = definition;
  if (ssh !== undefined) return sshAccess(ssh, absolute);
  return {
    kind: 'rest',
    endpoints,
    tokenId: token?.id ?? '',
    tokenSecret: createSecret(absoluteReference(token?.secret ?? '', absolute)),
    trust: trustOf(definition.fingerprint, authority),
  };
}

function sshAccess(
  ssh: NonNullable<FileHypervisor['ssh']>,
  absolute: (path: string) => string,
): ProxmoxSshAccess {
  return { kind: 'ssh', nodes: ssh.nodes, entryNodes: ssh.entry, ...loginPart(ssh, absolute) };
}

function loginPart(
  ssh: { user: string; port?: number | undefined; identityFile?: string | undefined },
  absolute: (path: string) => string,
): Omit<SshDefinition, 'host'> {
  return {
    user: ssh.user,
    ...(ssh.port === undefined ? {} : { port: ssh.port }),
    ...(ssh.identityFile === undefined ? {} : { identityFile: absolute(ssh.identityFile) }),
  };
}

function trustOf(fingerprint: string | undefined, authority: string | undefined): TlsTrust {
  const sha256 = fingerprint === undefined ? undefined : parseFingerprint(fingerprint);
  if (sha256 !== undefined) return { kind: 'fingerprint', sha256 };
  return authority === undefined ? { kind: 'system' } : { kind: 'authority', pem: authority };
}

function absoluteReference(reference: string, absolute: (path: string) => string): string {
  return reference.startsWith('file:') ? `file:${absolute(reference.slice('file:'.length))}` : reference;
}

function segmentOf([name, segment]: [string, ConfigurationFile['segments'][string]]): Segment {
  const subnet = segment.subnet === undefined ? undefined : parseSubnet(segment.subnet);
  return {
    name,
    domain: segment.domain.toLowerCase(),
    dhcpServer: segment.dhcpServer,
    resolvers: segment.resolvers,
    ...(segment.bridge === undefined ? {} : { bridge: segment.bridge }),
    ...(segment.vlan === undefined ? {} : { vlan: segment.vlan }),
    ...(subnet === undefined ? {} : { subnet }),
  };
}
