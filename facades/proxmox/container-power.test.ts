import { describe, expect, it } from 'vitest';
import { createSimWorld } from '../../sim/world.ts';
import type { ClusterState } from './state.ts';
import { containerState, createTestBench, type TestBench } from './testing.ts';

const ct = '/nodes/pve1/lxc/200';

function withContainer(config: Readonly<Record<string, string | number>> = {}): {
  bench: TestBench;
  world: ReturnType<typeof createSimWorld>;
} {
  const guests = containerState.guests.map((guest) =>
    guest.vmid === 200 ? { ...guest, config: { ...guest.config, ...config } } : guest,
  );
  const state: ClusterState = { ...containerState, guests };
  const world = createSimWorld([9000, 200]);
  return { bench: createTestBench(world, { state }), world };
}

async function reason(bench: TestBench, path: string): Promise<string> {
  const answer = await bench.call('POST', path, {});
  return `${answer.status} ${answer.reason}`;
}

describe('the power of a container', () => {
  it('starts what the configuration says', async () => {
    const { bench, world } = withContainer();
    const upid = String(await bench.data('POST', `${ct}/status/start`));
    expect(upid).toMatch(/^UPID:pve1:[0-9A-F]{8}:[0-9A-F]{8}:[0-9A-F]{8}:vzstart:200:root@pam!truename:$/);
    await bench.clock.advance(0);
    expect(world.running(200)).toBe(true);
    expect(world.machines.get(200)).toMatchObject({
      kind: 'container',
      hostname: 'web-ct',
      nics: [
        { slot: 'net0', name: 'eth0', mac: 'BC:24:11:00:02:00', ip: 'dhcp', bridge: 'vmbr0', tag: 210 },
        { slot: 'net1', name: 'mgmt0', ip: '10.9.0.20/24' },
      ],
    });
  });

  it('refuses at once what the state forbids, unlike a VM', async () => {
    const { bench } = withContainer();
    expect(await reason(bench, `${ct}/status/stop`)).toBe('500 CT 200 not running');
    expect(await reason(bench, `${ct}/status/shutdown`)).toBe('500 CT 200 not running');
    expect(await reason(bench, `${ct}/status/reboot`)).toBe('500 VM 200 not running');
    await bench.task('POST', `${ct}/status/start`);
    expect(await reason(bench, `${ct}/status/start`)).toBe('500 CT 200 already running');
  });

  it('does not take a running VM for a container', async () => {
    const { bench } = withContainer();
    await bench.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 300, name: 'alpha' });
    await bench.task('POST', '/nodes/pve1/qemu/300/status/start');
    expect(await reason(bench, '/nodes/pve1/lxc/300/status/stop')).toBe('500 CT 300 not running');
    const missing = "Configuration file 'nodes/pve1/lxc/300.conf' does not exist";
    expect(await bench.task('POST', '/nodes/pve1/lxc/300/status/start')).toBe(missing);
  });

  it('fails in the task for what the configuration forbids', async () => {
    const template = withContainer({ template: 1 });
    const text = "you can't start a CT if it's a template";
    expect(await template.bench.task('POST', `${ct}/status/start`)).toBe(text);
    const locked = withContainer({ lock: 'backup' });
    expect(await locked.bench.task('POST', `${ct}/status/start`)).toBe('CT is locked (backup)');
  });

  it('shuts down, kills only when told to, and says what did not stop', async () => {
    const { bench, world } = withContainer();
    await bench.task('POST', `${ct}/status/start`);
    world.knobs.deaf.add(200);
    expect(await bench.task('POST', `${ct}/status/shutdown`)).toBe('container did not stop');
    expect(world.running(200)).toBe(true);
    expect(await bench.task('POST', `${ct}/status/shutdown`, { forceStop: 1 })).toBe('OK');
    expect(world.running(200)).toBe(false);
  });

  it('stops and reboots in one task', async () => {
    const { bench, world } = withContainer();
    await bench.task('POST', `${ct}/status/start`);
    world.knobs.deaf.add(200);
    expect(await bench.task('POST', `${ct}/status/reboot`)).toBe('OK');
    expect(await bench.task('POST', `${ct}/status/stop`)).toBe('OK');
    const actions = world.history.map(({ action }) => action);
    expect(actions).toEqual(['start', 'shutdown', 'stop', 'start', 'stop']);
  });

  it('keeps skiplock for root@pam', async () => {
    const { bench } = withContainer();
    const answer = await bench.call('POST', `${ct}/status/start`, { skiplock: 1 });
    expect(JSON.parse(answer.body)).toMatchObject({ errors: { skiplock: 'Only root may use this option.' } });
  });
});
