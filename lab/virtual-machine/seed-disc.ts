import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { command } from '../command.ts';

/** The two discs that Proxmox VE makes (`citype`: `nocloud`, `configdrive2`; qemu-server src/PVE/QemuServer/Cloudinit.pm). */
export type SeedKind = 'cidata' | 'config-2';

/** What a disc says. */
export interface Seed {
  readonly kind: SeedKind;
  /** The VM's name at the hypervisor. */
  readonly name: string;
  readonly domain: string;
  /** Another one is a new machine to cloud-init. */
  readonly instanceId: string;
}

/** Writes the disc as Proxmox VE writes it: the name stands in user-data, and in no meta-data. */
export async function writeSeedDisc(file: string, seed: Seed): Promise<void> {
  const folder = `${file}.d`;
  for (const [path, text] of Object.entries(filesOf(seed))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await command('genisoimage', ['-quiet', '-J', '-R', '-V', seed.kind, '-o', file, folder]);
  await rm(folder, { recursive: true });
}

function filesOf({ kind, name, domain, instanceId }: Seed): Record<string, string> {
  const userData = `#cloud-config
hostname: ${name}
manage_etc_hosts: true
fqdn: ${name}.${domain}
user: tappaas
chpasswd:
  expire: False
users:
  - default
package_upgrade: false
`;
  if (kind === 'cidata')
    return { 'user-data': userData, 'meta-data': `instance-id: ${instanceId}\n`, 'network-config': network };
  return {
    'openstack/latest/user_data': userData,
    'openstack/latest/meta_data.json': JSON.stringify({
      uuid: instanceId,
      network_config: { content_path: '/content/0000' },
    }),
    'openstack/content/0000': 'auto eth0\niface eth0 inet dhcp\n',
  };
}

/** `ipconfig0: ip=dhcp`. */
const network = `version: 1
config:
    - type: physical
      name: eth0
      subnets:
      - type: dhcp4
    - type: nameserver
      address: []
`;
