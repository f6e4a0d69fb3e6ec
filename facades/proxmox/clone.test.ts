import { describe, expect, it } from 'vitest';
import { createSimWorld } from '../../sim/world.ts';
import { createTestBench, settle } from './testing.ts';

const clonePath = '/nodes/pve1/qemu/9000/clone';

describe('clone', () => {
  it('gives a new MAC and uuid, keeps tags and cloud-init settings, drops the template flag', async () => {
    const bench = createTestBench(createSimWorld([9000]));

    const upid = String(await bench.data('POST', clonePath, { newid: 300, name: 'alpha' }));
    await settle();
    const config = (await bench.data('GET', '/nodes/pve1/qemu/300/config')) as Record<string, unknown>;

    expect(upid).toMatch(/^UPID:pve1:[0-9A-F]{8}:[0-9A-F]{8}:[0-9A-F]{8}:qmclone:9000:root@pam!truename:$/);
    expect(config).toMatchObject({
      name: 'alpha',
      tags: 'nixos;tappaas',
      ipconfig0: 'ip=dhcp',
      cores: 2,
      memory: '2048',
      scsi0: 'local-lvm:vm-300-disk-0,size=8G',
      ide2: 'local-lvm:vm-300-cloudinit,media=cdrom,size=4M',
    });
    expect(config.net0).toMatch(/^virtio=BC:24:11:[0-9A-F:]{8},bridge=vmbr0,tag=210$/);
    expect(config.net0).not.toContain('BC:24:11:00:00:01');
    expect(config.smbios1).toMatch(
      /^uuid=[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(config.smbios1).not.toContain('11111111');
    expect(config).not.toHaveProperty('template');
    expect(config.digest).toMatch(/^[0-9a-f]{40}$/);
  });

  it('names a clone after its source when no name is given', async () => {
    const bench = createTestBench(createSimWorld([9000]));
    await bench.task('POST', clonePath, { newid: 300 });
    expect(await bench.data('GET', '/nodes/pve1/qemu/300/config')).toMatchObject({
      name: 'Copy-of-VM-tappaas-nixos',
    });
  });

  it('holds the new configuration with nothing but its lock while disks are copied', async () => {
    const world = createSimWorld([9000]);
    let release: () => void = () => undefined;
    world.knobs.before = () => new Promise((resolve) => (release = resolve));
    const bench = createTestBench(world);

    const upid = String(await bench.data('POST', clonePath, { newid: 300, name: 'alpha' }));
    await settle();
    const during = await bench.data('GET', '/nodes/pve1/qemu/300/config');
    const write = await bench.call('PUT', '/nodes/pve1/qemu/300/cloudinit', {});
    const running = await bench.data('GET', `/nodes/pve1/tasks/${upid}/status`);
    release();
    await settle();

    expect(during).toEqual({ lock: 'clone', digest: expect.any(String) });
    expect([write.status, write.reason]).toEqual([500, 'VM is locked (clone)']);
    expect(running).toMatchObject({ status: 'running', user: 'root@pam', tokenid: 'truename' });
    expect(running).not.toHaveProperty('exitstatus');
    expect(await bench.data('GET', `/nodes/pve1/tasks/${upid}/status`)).toMatchObject({ exitstatus: 'OK' });
  });

  it('removes the new configuration when the copy fails', async () => {
    const world = createSimWorld([9000]);
    world.knobs.failure = () => 'no space left';
    const bench = createTestBench(world);
    expect(await bench.task('POST', clonePath, { newid: 300 })).toBe('clone failed: no space left');
    const gone = await bench.call('GET', '/nodes/pve1/qemu/300/config');
    expect(gone.reason).toBe("Configuration file 'nodes/pve1/qemu-server/300.conf' does not exist");
  });

  it('lets the second of two takers of an id fail', async () => {
    const bench = createTestBench(createSimWorld([9000]));
    expect(await bench.data('GET', '/cluster/nextid')).toBe('100');
    expect(await bench.data('GET', '/cluster/nextid')).toBe('100');
    await bench.data('POST', clonePath, { newid: 100 });
    const second = await bench.call('POST', clonePath, { newid: 100 });
    expect([second.status, second.reason]).toEqual([
      500,
      'unable to create VM 100: config file already exists',
    ]);
  });

  it('refuses a storage for a linked clone', async () => {
    const bench = createTestBench(createSimWorld([9000]));
    const answer = await bench.call('POST', clonePath, { newid: 300, storage: 'local-lvm' });
    expect([answer.status, answer.reason]).toEqual([
      500,
      "parameter 'storage' not allowed for linked clones",
    ]);
  });

  it('shows a fresh clone without name and status until the next cycle', async () => {
    const bench = createTestBench(createSimWorld([9000]));
    await bench.task('POST', clonePath, { newid: 300, name: 'alpha' });

    const fresh = (await bench.data('GET', '/cluster/resources?type=vm')) as { vmid: number }[];
    await bench.clock.advance(10_000);
    const later = (await bench.data('GET', '/cluster/resources?type=vm')) as { vmid: number }[];

    expect(fresh.find(({ vmid }) => vmid === 300)).toEqual({
      id: 'qemu/300',
      vmid: 300,
      node: 'pve1',
      type: 'qemu',
      status: 'unknown',
      tags: 'nixos;tappaas',
    });
    expect(later.find(({ vmid }) => vmid === 300)).toMatchObject({
      name: 'alpha',
      status: 'stopped',
      template: 0,
    });
  });
});
