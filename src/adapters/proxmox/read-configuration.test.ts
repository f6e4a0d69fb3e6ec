import { describe, expect, it } from 'vitest';
import { scriptedApi } from '../../../test/support/scripted-proxmox-api.ts';
import { SourceError } from '../../domain/error.ts';
import type { ProxmoxApi } from './client.ts';
import { createProxmoxHypervisor } from './hypervisor.ts';

const { signal } = new AbortController();
const resources = 'GET /cluster/resources';
const ref = { hypervisor: 'pve', node: 'pve1', vmid: 300 };
const vm = { ref, kind: 'vm' } as const;
const container = { ref: { ...ref, vmid: 700 }, kind: 'container' } as const;
const config = 'GET /nodes/pve1/qemu/300/config';
const containerConfig = 'GET /nodes/pve1/lxc/700/config';
const missing = new SourceError(
  'command-failed',
  'Proxmox VE',
  "Configuration file '300.conf' does not exist",
);

function hypervisor(api: ProxmoxApi) {
  return createProxmoxHypervisor({ id: 'pve', api, clock: { sleep: () => Promise.resolve() } });
}

describe('configuration of a VM', () => {
  it('reads what the next start would use', async () => {
    const api = scriptedApi({
      [config]: [
        {
          name: 'web-1',
          memory: '2048',
          cores: 2,
          agent: 'enabled=1,fstrim_cloned_disks=1',
          net10: 'e1000=BC:24:11:00:00:0A,bridge=vmbr1',
          net2: 'virtio=BC:24:11:2E:C5:4A,bridge=vmbr0,tag=210',
          ide2: 'local-lvm:vm-300-cloudinit,media=cdrom,size=4M',
          smbios1: 'uuid=4C4C4544-0042-4810-8056-B4C04F395931,manufacturer=UUVNVQ==,base64=1',
          searchdomain: 'srv.internal',
          ostype: 'l26',
          ipconfig2: 'gw=10.2.10.1,ip=10.2.10.20/24,ip6=auto',
          ipconfig10: 'ip=dhcp',
          ipconfig11: 'ip=10.9.9.9/24',
          cicustom: 'meta=local:snippets/meta.yaml,user=nas:snippets/web 1.yaml',
          lock: 'clone',
          digest: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
        },
      ],
    });

    const configuration = await hypervisor(api).configuration(vm, signal);

    expect(configuration).toEqual({
      ref,
      name: 'web-1',
      template: false,
      uuid: '4c4c4544-0042-4810-8056-b4c04f395931',
      nics: [
        { slot: 'net2', mac: 'bc:24:11:2e:c5:4a', bridge: 'vmbr0', vlan: 210, ipv4: { fixed: '10.2.10.20' } },
        { slot: 'net10', mac: 'bc:24:11:00:00:0a', bridge: 'vmbr1', ipv4: 'dhcp' },
      ],
      agentEnabled: true,
      cloudInit: true,
      searchDomain: 'srv.internal',
      osType: 'l26',
      customSeed: { meta: 'local:snippets/meta.yaml', user: 'nas:snippets/web 1.yaml' },
      lock: 'clone',
    });
  });

  it('reads a bare VM: no name, no network, agent off, an ordinary CD', async () => {
    const api = scriptedApi({
      [config]: [
        { template: 1, agent: 0, ide2: 'local:iso/cloudinit-notes.iso,media=cdrom', smbios1: 'uuid=1' },
      ],
    });

    const configuration = await hypervisor(api).configuration(vm, signal);

    expect(configuration).toEqual({
      ref,
      name: 'VM300',
      template: true,
      nics: [],
      agentEnabled: false,
      cloudInit: false,
    });
  });

  it.each([
    'local:300/vm-300-cloudinit.qcow2,media=cdrom',
    'local-lvm:cloudinit',
    'file=zfs:vm-300-cloudinit',
  ])('sees the cloud-init drive %s', async (drive) => {
    const api = scriptedApi({ [config]: [{ scsi1: drive }] });

    await expect(hypervisor(api).configuration(vm, signal)).resolves.toMatchObject({ cloudInit: true });
  });

  it.each([
    ['1', true],
    ['on,type=virtio', true],
    [1, true],
    ['0', false],
    ['enabled=0', false],
    ['type=isa', false],
  ])('reads agent %s as %s', async (agent, agentEnabled) => {
    const api = scriptedApi({ [config]: [{ agent }] });

    await expect(hypervisor(api).configuration(vm, signal)).resolves.toMatchObject({ agentEnabled });
  });

  it('refuses a network interface that it cannot read rather than leaving it out', async () => {
    const api = scriptedApi({ [config]: [{ net1: 'virtio,bridge=vmbr0' }] });

    await expect(hypervisor(api).configuration(vm, signal)).rejects.toMatchObject({
      code: 'bad-response',
      message: expect.stringContaining('net1'),
    });
  });

  it('tells a VM that is gone, one that has moved, and a container from a plain refusal', async () => {
    const audit = { 'GET /access/permissions': [{ '/vms/300': { 'VM.Audit': 1 } }] };
    const on = (rows: unknown) =>
      hypervisor(scriptedApi({ [config]: [missing], [resources]: [rows], ...audit }));
    const row = { type: 'qemu', vmid: 300, status: 'running' };

    await expect(on([]).configuration(vm, signal)).rejects.toMatchObject({ code: 'not-found' });
    await expect(on([{ ...row, node: 'pve2' }]).configuration(vm, signal)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('pve2'),
    });
    await expect(on([{ ...row, node: 'pve1', type: 'lxc' }]).configuration(vm, signal)).rejects.toMatchObject(
      { code: 'unsupported' },
    );
    await expect(on([{ ...row, node: 'pve1' }]).configuration(vm, signal)).rejects.toBe(missing);
  });

  it('does not count what no cloud-init drive carries to the guest', async () => {
    const line = { net0: 'virtio=BC:24:11:00:00:01', ipconfig0: 'ip=dhcp' };
    const api = scriptedApi({ [config]: [line] });

    const { nics } = await hypervisor(api).configuration(vm, signal);

    expect(nics).toEqual([{ slot: 'net0', mac: 'bc:24:11:00:00:01' }]);
  });

  it.each(['', 'user', 'user=a,user=b', 'user=', 'x=y'])('reads cicustom %j as none', async (cicustom) => {
    const api = scriptedApi({ [config]: [{ cicustom }] });

    expect(await hypervisor(api).configuration(vm, signal)).not.toHaveProperty('customSeed');
  });
});

describe('configuration of a container', () => {
  it('reads host name, network and system', async () => {
    const api = scriptedApi({
      [containerConfig]: [
        {
          hostname: 'web.srv.internal',
          arch: 'amd64',
          cores: '2',
          features: 'nesting=1',
          lxc: [['lxc.apparmor.profile', 'unconfined']],
          net0: 'name=eth0,bridge=vmbr0,firewall=1,hwaddr=BC:24:11:00:07:00,ip=dhcp,tag=210,type=veth',
          net1: 'name=eth1,bridge=vmbr1,gw=10.3.0.1,hwaddr=BC:24:11:00:07:01,ip=10.3.0.9/24,ip6=manual',
          net2: 'name=eth2,hwaddr=BC:24:11:00:07:02,ip=manual',
          net3: 'name=eth3,hwaddr=BC:24:11:00:07:03,ip6=dhcp',
          ostype: 'debian',
          rootfs: 'local-lvm:vm-700-disk-0,size=8G',
          searchdomain: 'srv.internal',
          unprivileged: 1,
        },
      ],
    });

    const configuration = await hypervisor(api).configuration(container, signal);

    expect(configuration).toEqual({
      ref: container.ref,
      name: 'web.srv.internal',
      template: false,
      nics: [
        { slot: 'net0', mac: 'bc:24:11:00:07:00', bridge: 'vmbr0', vlan: 210, ipv4: 'dhcp' },
        { slot: 'net1', mac: 'bc:24:11:00:07:01', bridge: 'vmbr1', ipv4: { fixed: '10.3.0.9' } },
        { slot: 'net2', mac: 'bc:24:11:00:07:02', ipv4: 'manual' },
        { slot: 'net3', mac: 'bc:24:11:00:07:03' },
      ],
      agentEnabled: false,
      cloudInit: false,
      osType: 'debian',
      searchDomain: 'srv.internal',
    });
  });

  it('reads a bare container', async () => {
    const api = scriptedApi({ [containerConfig]: [{ template: 1 }] });

    expect(await hypervisor(api).configuration(container, signal)).toMatchObject({
      name: 'CT700',
      template: true,
      nics: [],
    });
  });

  it('tells a VM, and a container that is gone', async () => {
    const on = (rows: unknown) =>
      hypervisor({ ...scriptedApi({ [containerConfig]: [missing], [resources]: [rows] }), isRoot: true });
    const row = { type: 'qemu', vmid: 700, node: 'pve1', status: 'running' };

    await expect(on([row]).configuration(container, signal)).rejects.toMatchObject({
      code: 'unsupported',
      message: '700 is a VM, not a container',
    });
    await expect(on([]).configuration(container, signal)).rejects.toMatchObject({
      code: 'not-found',
      message: 'there is no container 700 on the cluster',
    });
  });
});
