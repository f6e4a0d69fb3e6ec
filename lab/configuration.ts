import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { certificateFiles } from './certificate.ts';
import type { LabPaths } from './paths.ts';
import { labSegments, nodeHost } from './segments.ts';
import { type LabTokenName, labTokens } from './templates.ts';

/** How the lab's cluster is reached. */
export type ClusterAccess = 'rest' | 'ssh';

/** What a test makes different from the lab as it is. */
export interface ConfigurationChanges {
  readonly access?: ClusterAccess;
  /** The token of access by `rest`; absent: `lab`. */
  readonly token?: LabTokenName;
  /** The address of the API; absent: the node's. */
  readonly endpoint?: string;
  /** In place of the cluster's authority: a certificate's fingerprint (SHA-256), or the system's authorities. */
  readonly trust?: { readonly fingerprint: string } | 'system';
  /** Lease file of a segment's server, on its firewall. */
  readonly leaseFile?: Readonly<Record<string, string>>;
  /** Address of a segment's resolver. */
  readonly resolver?: Readonly<Record<string, string>>;
  /** Seconds that a name may take to arrive. */
  readonly proofSeconds?: number;
  /** Login rules by name pattern, before the user `tappaas` that every guest of the lab has. */
  readonly logins?: readonly { readonly name: string; readonly user: string }[];
}

/** Writes a truename.yaml for the lab into a folder, and returns its path. */
export async function writeConfiguration(
  paths: LabPaths,
  folder: string,
  changes: ConfigurationChanges = {},
): Promise<string> {
  const lines = ['hypervisors:', '  lab:', '    type: proxmox', ...access(paths, changes), 'dhcpServers:'];
  for (const { name, domain } of labSegments) {
    const leaseFile = changes.leaseFile?.[name] ?? '/var/db/dnsmasq.leases';
    lines.push(`  ${name}: { type: dnsmasq, ssh: { host: firewall.${domain} }, leaseFile: ${leaseFile} }`);
  }
  lines.push('resolvers:');
  for (const { name, firewall } of labSegments)
    lines.push(`  ${name}: { type: dns, address: ${changes.resolver?.[name] ?? firewall} }`);
  lines.push('segments:');
  for (const { name, domain, bridge, subnet } of labSegments) {
    lines.push(
      `  ${name}: { domain: ${domain}, bridge: ${bridge}, subnet: ${subnet}, dhcpServer: ${name}, resolvers: [${name}] }`,
    );
  }
  if (changes.proofSeconds !== undefined) lines.push(`timeouts: { proof: ${changes.proofSeconds} }`);
  if (changes.logins !== undefined) {
    lines.push('guests:');
    for (const { name, user } of changes.logins) {
      lines.push(`  - { match: { name: ${JSON.stringify(name)} }, user: ${JSON.stringify(user)} }`);
    }
  }
  const file = join(folder, 'truename.yaml');
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
}

/**
 * The same by the token `lab` for a folder that goes elsewhere: authority and secret lie beside it, and are named by
 * relative paths.
 */
export async function writePortableConfiguration(paths: LabPaths, folder: string): Promise<string> {
  const file = await writeConfiguration(paths, folder);
  const { authority } = certificateFiles(paths);
  const secret = join(paths.root, labTokens.lab.secretFile);
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(authority, './ca.pem').replace(secret, './secret'));
  await copyFile(authority, join(folder, 'ca.pem'));
  await copyFile(secret, join(folder, 'secret'));
  return file;
}

function access(paths: LabPaths, changes: ConfigurationChanges): string[] {
  if (changes.access === 'ssh')
    return [`    ssh: { nodes: "{node}.mgmt.internal", entry: [${nodeHost.name}], user: root }`];
  const { id, secretFile } = labTokens[changes.token ?? 'lab'];
  return [
    `    endpoints: [${JSON.stringify(changes.endpoint ?? `https://${nodeHost.address}:8006`)}]`,
    `    token: { id: "${id}", secret: "file:${join(paths.root, secretFile)}" }`,
    ...trusted(paths, changes.trust),
  ];
}

function trusted(paths: LabPaths, trust: ConfigurationChanges['trust']): string[] {
  if (trust === undefined) return [`    ca: ${certificateFiles(paths).authority}`];
  return trust === 'system' ? [] : [`    fingerprint: "${trust.fingerprint}"`];
}
