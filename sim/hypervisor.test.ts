import { describe, expect, it } from 'vitest';
import type { Hostname } from '../src/domain/name.ts';
import { type SimNetwork, simNetwork } from './network.ts';

const { signal } = new AbortController();
const ref = { hypervisor: 'sim', node: 'tappaas1', vmid: 610 };

async function cloned(): Promise<SimNetwork> {
  const network = simNetwork({ startsAt: Date.UTC(2026, 0, 1) });
  await network.hypervisor.clone(9000, 610, 'alpha', 'srv');
  await network.clock.sleep(10_000, signal);
  return network;
}

describe('simHypervisor', () => {
  it('lists templates and clones, each as find and its configuration have it', async () => {
    const { port } = (await cloned()).hypervisor;

    const guests = await port.guests(signal);

    expect(guests.filter(({ template }) => !template).map(({ name }) => name)).toEqual(['alpha']);
    for (const guest of guests) {
      expect(await port.find(guest.ref.vmid, signal)).toEqual(guest);
      expect(await port.configuration(guest, signal)).toMatchObject({
        name: guest.name,
        template: guest.template,
      });
    }
    expect(await port.find(4711, signal)).toBeUndefined();
  });

  it('tells by its agent the address that the server leased, and its host keys', async () => {
    const network = await cloned();
    const agent = network.hypervisor.port.agent?.(ref);

    expect(await agent?.interfaces(signal)).toEqual([
      { name: 'eth0', mac: network.hypervisor.mac(610), addresses: ['10.2.20.100'] },
    ]);
    expect((await agent?.run(['/bin/sh', '-c', 'cat /etc/ssh/ssh_host_*_key.pub'], signal))?.stdout).toMatch(
      /^ssh-ed25519 [A-Za-z0-9+/]{68}/,
    );
    await expect(agent?.run(['/bin/true'], signal)).rejects.toMatchObject({ code: 'command-failed' });
  });

  it('gives cloud-init the name of the VM as it is', async () => {
    const { port } = (await cloned()).hypervisor;
    await port.rename?.({ ref, kind: 'vm' }, 'renamed' as Hostname, signal);
    const configuration = await port.configuration({ ref, kind: 'vm' }, signal);

    expect((await port.seed?.(configuration, signal))?.user.text).toContain('hostname: renamed\n');
  });

  it('clones onto no number that is taken, and from no template that it has not', async () => {
    const { hypervisor } = await cloned();

    await expect(hypervisor.clone(9000, 610, 'beta', 'lan')).rejects.toThrow('exists already');
    await expect(hypervisor.clone(1, 611, 'beta', 'lan')).rejects.toThrow('no template 1');
    await expect(hypervisor.clone(9000, 611, 'beta', 'nowhere')).rejects.toThrow('no bridge nowhere');
    expect(() => hypervisor.machine(612)).toThrow('no VM 612');
  });

  it('reboots when it is asked to, as a person does', async () => {
    const { hypervisor } = await cloned();
    const before = hypervisor.machine(610).view().identity.bootId;

    await hypervisor.port.power?.(ref, 'reboot', signal);

    expect(hypervisor.machine(610).up()).toBe(false);
    expect(hypervisor.machine(610).view().identity.bootId).not.toBe(before);
  });
});

describe('simReachability', () => {
  it('tells how long an address was away, and of none that nobody has', async () => {
    const { reachability, hypervisor } = await cloned();
    const [address, stranger] = ['10.2.20.100', '10.2.20.9'] as Parameters<typeof reachability.watch>[0][];
    const watching = await reachability.watch(address as NonNullable<typeof address>, signal);
    const nobody = await reachability.watch(stranger as NonNullable<typeof stranger>, signal);
    hypervisor.machine(610).away.push(120, 0);

    expect(await watching.stop()).toMatchObject({ seen: true, longestMs: 120, lost: 1 });
    expect(await nobody.stop()).toMatchObject({ seen: false });
  });
});
