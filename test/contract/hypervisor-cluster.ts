import type { ClusterState } from '../../facades/proxmox/state.ts';
import type { Machine } from '../../facades/proxmox/world.ts';

/** The guests of the contract, as their configurations. */
export const state: ClusterState = {
  nodes: [{ name: 'pve1', ip: '10.2.10.2' }],
  storages: [
    { id: 'local', type: 'dir', snippets: { 'web 3.yaml': 'hostname: own\n' } },
    { id: 'local-lvm', type: 'lvmthin' },
  ],
  bridges: ['vmbr0', 'vmbr1'],
  pools: ['lab'],
  guests: [
    {
      vmid: 9000,
      node: 'pve1',
      config: {
        name: 'tappaas-nixos',
        template: 1,
        agent: '1',
        memory: '512',
        scsi0: 'local-lvm:base-9000-disk-0,size=8G',
        ide2: 'local-lvm:vm-9000-cloudinit,media=cdrom',
        net0: 'e1000=BC:24:11:00:90:00,bridge=vmbr0,firewall=1,queues=2,tag=210',
        smbios1: 'uuid=99999999-9999-4999-8999-999999999999',
      },
    },
    {
      vmid: 101,
      node: 'pve1',
      config: {
        name: 'web-1',
        agent: 'enabled=1',
        smbios1: 'uuid=22222222-2222-4222-8222-222222222222',
        net0: 'virtio=BC:24:11:00:01:01,bridge=vmbr0,tag=210',
      },
    },
    {
      vmid: 102,
      node: 'pve1',
      config: {
        name: 'web-2',
        agent: '1',
        tags: 'nixos;web',
        searchdomain: 'srv.internal',
        ostype: 'l26',
        ide2: 'local-lvm:vm-102-cloudinit,media=cdrom',
        net0: 'virtio=BC:24:11:00:01:02,bridge=vmbr0,tag=210',
      },
    },
    {
      vmid: 104,
      node: 'pve1',
      config: { name: 'web-4', net0: 'virtio=BC:24:11:00:01:04,bridge=vmbr0,tag=210' },
      highAvailability: true,
    },
    {
      vmid: 103,
      node: 'pve1',
      config: {
        name: 'web-3',
        agent: '1',
        cicustom: 'user=local:snippets/web 3.yaml',
        ide2: 'local-lvm:vm-103-cloudinit,media=cdrom',
        ipconfig0: 'gw=10.2.10.1,ip=10.2.10.30/24',
        net0: 'virtio=BC:24:11:00:01:03,bridge=vmbr0,tag=210',
      },
    },
    {
      vmid: 700,
      kind: 'lxc',
      node: 'pve1',
      config: {
        hostname: 'ct-1',
        ostype: 'debian',
        net0: 'name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:07:00,ip=dhcp,tag=210,type=veth',
      },
    },
    { vmid: 701, kind: 'lxc', node: 'pve1', config: { hostname: 'ct-2' } },
  ],
};

const card = { slot: 'net0', bridge: 'vmbr0', tag: 210 };
/** Those that run. */
export const running: Machine[] = [
  { kind: 'vm', vmid: 102, name: 'web-2', uuid: '', nics: [{ ...card, mac: 'BC:24:11:00:01:02' }] },
  { kind: 'vm', vmid: 103, name: 'web-3', uuid: '', nics: [{ ...card, mac: 'BC:24:11:00:01:03' }] },
  {
    kind: 'container',
    vmid: 700,
    name: 'ct-1',
    hostname: 'ct-1',
    nics: [{ ...card, mac: 'BC:24:11:00:07:00', name: 'eth0', ip: 'dhcp' }],
  },
];
