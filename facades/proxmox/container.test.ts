import { describe, expect, it } from 'vitest';
import { createSimWorld } from '../../sim/world.ts';
import { buildContainer, parseContainerNic } from './container.ts';
import { containerState, createTestBench, fullToken, type TestBench } from './testing.ts';
import { createVm } from './vm.ts';

const ct = '/nodes/pve1/lxc/200';

function withContainer(): { bench: TestBench; world: ReturnType<typeof createSimWorld> } {
  const world = createSimWorld([9000, 200]);
  return { bench: createTestBench(world, { state: containerState, resourcesCycleMs: 0 }), world };
}

async function reason(bench: TestBench, method: string, path: string): Promise<string> {
  const answer = await bench.call(method, path, method === 'POST' ? {} : undefined);
  return `${answer.status} ${answer.reason}`;
}

describe('a container among the guests', () => {
  it('stands in the resources with its own type and id', async () => {
    const { bench } = withContainer();
    const rows = (await bench.data('GET', '/cluster/resources?type=vm')) as Record<string, unknown>[];
    expect(rows.map(({ id, type, name, status }) => [id, type, name, status])).toEqual([
      ['lxc/200', 'lxc', 'web-ct', 'stopped'],
      ['qemu/9000', 'qemu', 'tappaas-nixos', 'stopped'],
    ]);
  });

  it('is listed with the containers and not with the VMs', async () => {
    const { bench } = withContainer();
    const ids = async (path: string) =>
      ((await bench.data('GET', path)) as { vmid: number }[]).map(({ vmid }) => vmid);
    expect(await ids('/nodes/pve1/lxc')).toEqual([200]);
    expect(await ids('/nodes/pve1/qemu')).toEqual([9000]);
    expect((await bench.call('GET', '/cluster/nextid?vmid=200')).status).toBe(400);
  });

  it('is hidden from a list by whoever may not audit it', async () => {
    const acl = [{ path: '/vms/9000', privileges: ['VM.Audit'] }];
    const weak = { id: 'audit@pve!ro', secret: 's', acl };
    const bench = createTestBench(createSimWorld([200]), {
      state: containerState,
      tokens: [fullToken, weak],
    });
    const header = 'PVEAPIToken=audit@pve!ro=s';
    expect((await bench.call('GET', '/nodes/pve1/lxc', undefined, header)).body).toBe('{"data":[]}');
    for (const path of [`${ct}/config`, `${ct}/interfaces`, `${ct}/status/current`]) {
      const refused = await bench.call('GET', path, undefined, header);
      expect([refused.status, refused.reason]).toEqual([403, 'Permission check failed (/vms/200, VM.Audit)']);
    }
  });

  it('is no VM, and a VM is no container', async () => {
    const { bench } = withContainer();
    const noVm = "500 Configuration file 'nodes/pve1/qemu-server/200.conf' does not exist";
    const noContainer = "500 Configuration file 'nodes/pve1/lxc/9000.conf' does not exist";
    expect(await reason(bench, 'GET', '/nodes/pve1/qemu/200/config')).toBe(noVm);
    expect(await reason(bench, 'GET', '/nodes/pve1/qemu/200/agent/info')).toBe(noVm);
    expect(await reason(bench, 'GET', '/nodes/pve1/lxc/9000/config')).toBe(noContainer);
    expect(await reason(bench, 'GET', '/nodes/pve1/lxc/9000/status/current')).toBe(noContainer);
  });

  it('shows its configuration with numbers where the schema has them', async () => {
    const { bench } = withContainer();
    expect(await bench.data('GET', `${ct}/config`)).toEqual({
      ...containerState.guests[1]?.config,
      digest: expect.stringMatching(/^[0-9a-f]{40}$/),
    });
    expect((await bench.call('GET', `${ct}/config?snapshot=old1&current=1`)).status).toBe(400);
    expect(await reason(bench, 'GET', `${ct}/config?snapshot=old1`)).toBe(
      "500 snapshot 'old1' does not exist",
    );
  });

  it('tells its state', async () => {
    const { bench } = withContainer();
    expect(await bench.data('GET', `${ct}/status/current`)).toMatchObject({ status: 'stopped', uptime: 0 });
    await bench.task('POST', `${ct}/status/start`);
    await bench.clock.advance(5000);
    expect(await bench.data('GET', `${ct}/status/current`)).toMatchObject({
      type: 'lxc',
      vmid: 200,
      name: 'web-ct',
      status: 'running',
      uptime: 5,
      ha: { managed: 0 },
    });
  });
});

describe('interfaces', () => {
  it('are null while the container is stopped, and for an id that is none', async () => {
    const { bench } = withContainer();
    expect(await bench.data('GET', `${ct}/interfaces`)).toBeNull();
    expect(await bench.data('GET', '/nodes/pve1/lxc/777/interfaces')).toBeNull();
    expect(await bench.data('GET', '/nodes/pve1/lxc/9000/interfaces')).toBeNull();
  });

  it('bear both spellings of the address and the last one of each family', async () => {
    const { bench, world } = withContainer();
    world.knobs.addresses.set(200, { eth0: ['10.2.10.55/24', 'fe80::be24:11ff:fe00:200/64', 'fd00::5/64'] });
    await bench.task('POST', `${ct}/status/start`);
    const [lo, eth0, mgmt0] = (await bench.data('GET', `${ct}/interfaces`)) as unknown[];
    expect(lo).toMatchObject({ name: 'lo', hwaddr: '00:00:00:00:00:00', inet: '127.0.0.1/8' });
    expect(eth0).toEqual({
      name: 'eth0',
      hwaddr: 'bc:24:11:00:02:00',
      'hardware-address': 'bc:24:11:00:02:00',
      inet: '10.2.10.55/24',
      inet6: 'fd00::5/64',
      'ip-addresses': [
        { 'ip-address': '10.2.10.55', 'ip-address-type': 'inet', prefix: 24 },
        { 'ip-address': 'fe80::be24:11ff:fe00:200', 'ip-address-type': 'inet6', prefix: 64 },
        { 'ip-address': 'fd00::5', 'ip-address-type': 'inet6', prefix: 64 },
      ],
    });
    expect(mgmt0).toMatchObject({ name: 'mgmt0', inet: '10.9.0.20/24' });
  });
});

describe('what a container is made of', () => {
  it('follows its configuration, in slot order', () => {
    const net = (name: string) => `name=${name},hwaddr=BC:24:11:00:00:0A,type=veth`;
    const vm = createVm(200, 'pve1', { net10: net('eth10'), net2: net('eth2') }, 'lxc');
    expect(buildContainer(vm)).toEqual({
      kind: 'container',
      vmid: 200,
      name: 'CT200',
      hostname: 'CT200',
      nics: [
        { slot: 'net2', mac: 'BC:24:11:00:00:0A', name: 'eth2' },
        { slot: 'net10', mac: 'BC:24:11:00:00:0A', name: 'eth10' },
      ],
    });
  });

  it('takes bridge, tag, address and gateway from the line', () => {
    const line =
      'name=lan0,bridge=vmbr0,gw=10.9.0.1,hwaddr=BC:24:11:00:02:01,ip=10.9.0.20/24,tag=210,type=veth';
    expect(parseContainerNic('net0', line)).toEqual({
      slot: 'net0',
      mac: 'BC:24:11:00:02:01',
      name: 'lan0',
      bridge: 'vmbr0',
      tag: 210,
      ip: '10.9.0.20/24',
      gateway: '10.9.0.1',
    });
  });
});
