import { randomUUID } from 'node:crypto';
import type { ClusterState, GuestState } from '../facades/proxmox/state.ts';
import { labSegments, nodeHost } from './segments.ts';
import { labContainers, labTemplates } from './templates.ts';

/** What a lab's cluster holds when it starts: the templates, for this public key, and the containers. */
export function clusterState(publicKey: string): ClusterState {
  return {
    nodes: [{ name: nodeHost.name, ip: nodeHost.address, aliases: [`${nodeHost.name}.mgmt.internal`] }],
    storages: [
      { id: 'local-lvm', type: 'lvmthin' },
      { id: 'local', type: 'dir' },
    ],
    bridges: labSegments.map((each) => each.bridge),
    guests: [...templates(publicKey), ...containers()],
  };
}

function templates(publicKey: string): GuestState[] {
  return labTemplates.map(({ vmid, name }, index) => ({
    vmid,
    node: nodeHost.name,
    config: {
      name,
      template: 1,
      agent: '1',
      cores: 2,
      memory: '2048',
      ostype: 'l26',
      scsi0: `local-lvm:base-${vmid}-disk-0,size=8G`,
      ide2: `local-lvm:vm-${vmid}-cloudinit,media=cdrom`,
      net0: `virtio=BC:24:11:00:90:0${index},bridge=lan`,
      ipconfig0: 'ip=dhcp',
      ciuser: 'tappaas',
      ciupgrade: 0,
      sshkeys: encodeURIComponent(publicKey),
      smbios1: `uuid=${randomUUID()}`,
    },
  }));
}

function containers(): GuestState[] {
  return labContainers.map(({ vmid, hostname, network }, index) => ({
    vmid,
    kind: 'lxc',
    node: nodeHost.name,
    config: {
      arch: 'amd64',
      cores: 1,
      hostname,
      memory: 512,
      net0: `name=eth0,bridge=lan,hwaddr=BC:24:11:00:70:0${index},${network},type=veth`,
      ostype: 'debian',
      rootfs: `local-lvm:vm-${vmid}-disk-0,size=4G`,
      swap: 512,
      unprivileged: 1,
    },
  }));
}
