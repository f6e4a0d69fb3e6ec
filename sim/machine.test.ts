import { describe, expect, it } from 'vitest';
import { type SimNetwork, simNetwork } from './network.ts';
import { simSystem } from './nixos.ts';

const { signal } = new AbortController();
const whole = 10_000;

async function cloned(template: number): Promise<SimNetwork> {
  const network = simNetwork({ startsAt: Date.UTC(2026, 0, 1) });
  await network.hypervisor.clone(template, 610, 'alpha', 'lan');
  await network.clock.sleep(whole, signal);
  return network;
}

function leaseName(network: SimNetwork): string {
  return network.server('mgmt').leases()[0]?.name ?? '*';
}

async function rebooted(network: SimNetwork): Promise<void> {
  await network.hypervisor.reboot([610]);
  await network.clock.sleep(whole, signal);
}

describe('a simulated machine', () => {
  it.each([
    [9000, 'tappaas-nixos'],
    [9001, 'tappaas-nixos'],
    [9002, 'tappaas-nixos'],
    [9011, 'debian13-networkd'],
    [9012, 'alpha'],
    [9014, 'alpha'],
  ])('leases after its first boot from template %i as %s', async (template, name) => {
    expect(leaseName(await cloned(template))).toBe(name);
  });

  it('asks, answers and finishes one after the other, and not before it is on', async () => {
    const network = simNetwork({ startsAt: Date.UTC(2026, 0, 1) });
    await network.hypervisor.clone(9000, 610, 'alpha', 'lan');
    const { client, up, cloudInit } = network.hypervisor.machine(610);
    const seen: unknown[] = [];
    for (const ms of [2000, 1000, 1000, 1000]) {
      await network.clock.sleep(ms, signal);
      seen.push([client.address(), up(), cloudInit.state().status]);
    }

    expect(seen).toEqual([
      [undefined, false, 'not-started'],
      ['10.2.10.100', false, 'running'],
      ['10.2.10.100', true, 'running'],
      ['10.2.10.100', true, 'done'],
    ]);
  });

  it('is another boot of the same machine after a reboot', async () => {
    const network = await cloned(9011);
    const machine = network.hypervisor.machine(610);
    const [before, keys] = [machine.view().identity, machine.hostKeys()];

    await rebooted(network);

    const after = machine.view().identity;
    expect(after.bootId).not.toBe(before.bootId);
    expect([after.uuid, after.macs, machine.hostKeys()]).toEqual([before.uuid, before.macs, keys]);
  });

  it('under networkd sends its own name once it was booted with it', async () => {
    const network = await cloned(9011);

    await rebooted(network);

    expect(leaseName(network)).toBe('alpha');
  });

  it('with NixOS goes on as the template through a switch, and is itself after a boot', async () => {
    const network = await cloned(9000);
    const { systems, names, client } = network.hypervisor.machine(610);

    systems.activate(simSystem('alpha'), 'switch');
    const switched = [names.read().static, names.read().transient, client.state()];
    const lease = leaseName(network);
    await rebooted(network);

    expect(switched).toMatchObject(['alpha', 'tappaas-nixos', { believedStatic: 'tappaas-nixos' }]);
    expect(lease).toBe('tappaas-nixos');
    expect(leaseName(network)).toBe('alpha');
    expect(systems.read().booted?.declaredName).toBe('alpha');
  });

  it('takes the system of before back', async () => {
    const { systems, names } = (await cloned(9000)).hypervisor.machine(610);
    systems.activate(simSystem('alpha'), 'switch');

    systems.rollBack();

    expect(systems.read().next?.declaredName).toBe('tappaas-nixos');
    expect(names.read().static).toBe('tappaas-nixos');
  });

  it('keeps a system for the next boot alone where it is not switched to', async () => {
    const network = await cloned(9000);
    const { systems } = network.hypervisor.machine(610);

    systems.activate(simSystem('alpha'), 'boot');
    const before = systems.read();
    await rebooted(network);

    expect([before.current?.declaredName, before.next?.declaredName]).toEqual(['tappaas-nixos', 'alpha']);
    expect(systems.read().current?.declaredName).toBe('alpha');
  });

  it('with an inherited keyfile sends the name in it after a boot too', async () => {
    const network = await cloned(9002);
    network.hypervisor.machine(610).systems.activate(simSystem('alpha'), 'switch');

    await rebooted(network);

    expect(leaseName(network)).toBe('tappaas-nixos');
  });
});
