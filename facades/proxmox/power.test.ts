import { describe, expect, it } from 'vitest';
import { createSimWorld } from '../../sim/world.ts';
import { createTestBench, settle, type TestBench, templateState } from './testing.ts';
import type { VirtualMachine } from './world.ts';

const vm = '/nodes/pve1/qemu/300';

function vmIn(world: ReturnType<typeof createSimWorld>, vmid: number): VirtualMachine {
  const machine = world.machines.get(vmid);
  if (machine?.kind !== 'vm') throw new Error(`no VM ${vmid}`);
  return machine;
}

async function withClone(): Promise<{ bench: TestBench; world: ReturnType<typeof createSimWorld> }> {
  const world = createSimWorld([9000]);
  const bench = createTestBench(world);
  await bench.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 300, name: 'alpha' });
  return { bench, world };
}

describe('start', () => {
  it('builds the machine and its cloud-init disc from the configuration', async () => {
    const { bench, world } = await withClone();
    expect(await bench.task('POST', `${vm}/status/start`)).toBe('OK');
    const config = (await bench.data('GET', `${vm}/config`)) as Record<string, string>;
    const machine = vmIn(world, 300);
    expect(machine).toMatchObject({
      vmid: 300,
      name: 'alpha',
      nics: [{ slot: 'net0', mac: /=([^,]+)/.exec(config.net0 ?? '')?.[1], bridge: 'vmbr0', tag: 210 }],
    });
    expect(config.smbios1).toBe(`uuid=${machine.uuid}`);
    expect(machine.seed?.['user-data']).toContain('hostname: alpha\n');
    expect(machine.seed?.['meta-data']).toMatch(/^instance-id: [0-9a-f]{40}\n$/);
    expect(machine.seed?.['vendor-data']).toBe('');
    expect(await bench.data('GET', `${vm}/cloudinit/dump?type=user`)).toBe(machine.seed?.['user-data']);
    expect(await bench.data('GET', `${vm}/status/current`)).toMatchObject({ status: 'running', agent: 1 });
  });

  it('fails in the task, never at once', async () => {
    const { bench } = await withClone();
    await bench.task('POST', `${vm}/status/start`);
    expect(await bench.task('POST', `${vm}/status/start`)).toBe('VM 300 already running');
    const template = "you can't start a vm if it's a template";
    expect(await bench.task('POST', '/nodes/pve1/qemu/9000/status/start')).toBe(template);
    const missing = "Configuration file 'nodes/pve1/qemu-server/777.conf' does not exist";
    expect(await bench.task('POST', '/nodes/pve1/qemu/777/status/start')).toBe(missing);
  });

  it('takes a snippet for the text that it replaces, and fails on a broken reference', async () => {
    const { bench } = await withClone();
    await bench.data('PUT', `${vm}/config`, { cicustom: 'meta=local:snippets/none.yaml' });
    const text = "volume 'local:snippets/none.yaml' does not exist";
    expect(await bench.task('POST', `${vm}/status/start`)).toBe(text);
  });
});

describe('a VM under high availability', () => {
  const managed = '/nodes/pve1/qemu/301';

  function withManaged(): TestBench {
    const config = { name: 'beta', net0: 'virtio=BC:24:11:00:03:01,bridge=vmbr0' };
    const guests = [...templateState.guests, { vmid: 301, node: 'pve1', config, highAvailability: true }];
    return createTestBench(createSimWorld([9000, 301]), { state: { ...templateState, guests } });
  }

  it('is started and stopped some time after the task has ended', async () => {
    const bench = withManaged();

    expect(await bench.task('POST', `${managed}/status/start`)).toBe('OK');
    expect(await bench.data('GET', `${managed}/status/current`)).toMatchObject({
      status: 'stopped',
      ha: { managed: 1 },
    });
    await bench.clock.advance(1000);
    expect(await bench.data('GET', `${managed}/status/current`)).toMatchObject({ status: 'running' });
    expect(await bench.task('POST', `${managed}/status/shutdown`)).toBe('OK');
    await bench.clock.advance(1000);
    expect(await bench.data('GET', `${managed}/status/current`)).toMatchObject({ status: 'stopped' });
  });
});

describe('stop and shutdown', () => {
  it('are content with a stopped VM', async () => {
    const { bench } = await withClone();
    expect(await bench.task('POST', `${vm}/status/stop`)).toBe('OK');
    expect(await bench.task('POST', `${vm}/status/shutdown`)).toBe('OK');
  });

  it('give a deaf guest up, or pull the plug when told to', async () => {
    const { bench, world } = await withClone();
    world.knobs.deaf.add(300);
    await bench.task('POST', `${vm}/status/start`);
    const text = 'VM quit/powerdown failed - got timeout';
    expect(await bench.task('POST', `${vm}/status/shutdown`)).toBe(text);
    expect(await bench.task('POST', `${vm}/status/shutdown`, { forceStop: 1 })).toBe('OK');
    expect(world.running(300)).toBe(false);
  });
});

describe('reboot', () => {
  it('is refused at once when the VM is off', async () => {
    const { bench } = await withClone();
    const answer = await bench.call('POST', `${vm}/status/reboot`, {});
    expect([answer.status, answer.reason]).toEqual([500, 'VM 300 not running']);
  });

  it('is OK while the VM is still down, then starts it cold', async () => {
    const { bench, world } = await withClone();
    await bench.task('POST', `${vm}/status/start`);
    await bench.data('PUT', `${vm}/config`, { name: 'beta', memory: '4096' });
    const before = (await bench.data('GET', `${vm}/status/current`)) as { pid: number };

    expect(await bench.task('POST', `${vm}/status/reboot`)).toBe('OK');
    expect(world.running(300)).toBe(false);
    await bench.clock.advance(1000);

    expect(world.running(300)).toBe(true);
    expect(await bench.data('GET', `${vm}/status/current`)).not.toMatchObject({ pid: before.pid });
    expect(vmIn(world, 300).seed?.['user-data']).toContain('hostname: beta\n');
    expect(await bench.data('GET', `${vm}/config?current=1`)).toMatchObject({ memory: '4096' });
  });

  it('by reset keeps the old disc', async () => {
    const { bench, world } = await withClone();
    await bench.task('POST', `${vm}/status/start`);
    await bench.data('PUT', `${vm}/config`, { name: 'beta' });
    expect(await bench.task('POST', `${vm}/status/reset`)).toBe('OK');
    expect(vmIn(world, 300).seed?.['user-data']).toContain('hostname: alpha\n');
  });
});

describe('destroy', () => {
  it('refuses a running VM and a template with linked clones', async () => {
    const { bench } = await withClone();
    await bench.task('POST', `${vm}/status/start`);
    expect((await bench.call('DELETE', vm)).reason).toBe('VM 300 is running - destroy failed');
    const used = "base volume 'base-9000-disk-0' is still in use by linked cloned";
    expect(await bench.task('DELETE', '/nodes/pve1/qemu/9000')).toBe(used);
  });

  it('frees the id; the old name stays in resources until the next cycle', async () => {
    const { bench } = await withClone();
    await bench.clock.advance(10_000);
    expect(await bench.task('DELETE', vm)).toBe('OK');
    await bench.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 300, name: 'beta' });
    const names = async () => {
      const rows = (await bench.data('GET', '/cluster/resources?type=vm')) as {
        vmid: number;
        name?: string;
      }[];
      return rows.find(({ vmid }) => vmid === 300)?.name;
    };
    expect(await names()).toBe('alpha');
    await bench.clock.advance(10_000);
    expect(await names()).toBe('beta');
  });
});

describe('tasks', () => {
  it('keep a log that ends with the result, and page it', async () => {
    const { bench } = await withClone();
    const upid = String(await bench.data('POST', `${vm}/status/start`));
    await settle();
    const log = await bench.call('GET', `/nodes/pve1/tasks/${encodeURIComponent(upid)}/log?limit=1&start=1`);
    expect(JSON.parse(log.body)).toEqual({ data: [{ n: 2, t: 'TASK OK' }], total: 2 });
  });

  it('refuse what is no UPID or no task', async () => {
    const { bench } = await withClone();
    const garbage = await bench.call('GET', '/nodes/pve1/tasks/x/status');
    const unknown = await bench.call(
      'GET',
      '/nodes/pve1/tasks/UPID:pve1:00000001:00000001:00000001:qmstart:1:root@pam:/status',
    );
    expect(JSON.parse(garbage.body)).toMatchObject({ errors: { upid: 'unable to parse worker upid' } });
    expect(JSON.parse(unknown.body)).toMatchObject({ errors: { upid: 'no such task' } });
  });

  it('end with warnings or errors when told to', async () => {
    const { bench } = await withClone();
    bench.faults.task = () => ({ warnings: ['disk is slow'] });
    expect(await bench.task('POST', `${vm}/status/start`)).toBe('WARNINGS: 1');
    bench.faults.task = () => ({ error: 'got\nno quorum' });
    expect(await bench.task('POST', `${vm}/status/stop`)).toBe('got no quorum');
  });
});
