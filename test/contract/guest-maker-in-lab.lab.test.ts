import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeHost } from '../../lab/segments.ts';
import type { CloneRequest, GuestMaker, StandingGuest } from '../../src/domain/guest-maker.ts';
import type { Mac } from '../../src/domain/mac.ts';
import type { Hostname } from '../../src/domain/name.ts';
import { openStage, type Stage } from '../end-to-end/stage.ts';
import { type LabHypervisor, labByPvesh, labOverRest } from '../support/lab-hypervisor.ts';
import { guestMakerContract } from './guest-maker.ts';

const { signal } = new AbortController();
const template = { hypervisor: 'lab', node: nodeHost.name, vmid: 9014 };

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
}, 300_000);

afterAll(() => stage?.lab.down());

for (const [way, firstNumber, reach] of [
  ['over HTTPS', 600, () => labOverRest(stage.lab, 'maker')],
  ['by pvesh', 640, async () => labByPvesh(stage.lab)],
] as const) {
  guestMakerContract(`the lab ${way}`, async () => ({
    ...(await reach()),
    template,
    firstNumber,
    bridge: 'srv',
  }));
}

describe('a guest that was made in the lab', () => {
  let reached: LabHypervisor;
  let maker: GuestMaker;

  beforeAll(async () => {
    reached = await labOverRest(stage.lab, 'maker');
    if (reached.hypervisor.making === undefined) throw new Error('it makes no guests');
    maker = reached.hypervisor.making;
  });

  afterAll(() => reached.close());

  const request = (vmid: number, changes: Partial<CloneRequest> = {}): CloneRequest => ({
    source: template,
    vmid,
    name: `made-${vmid}` as Hostname,
    description: 'made by the contract',
    disks: 'linked',
    ...changes,
  });

  async function start({ ref }: Pick<StandingGuest, 'ref'>): Promise<void> {
    await reached.hypervisor.power?.(ref, 'start', signal);
    await stage.booted(ref.vmid);
  }

  it('boots with the MAC address, the uuid and the seed that it was given, and leases under its name', async () => {
    const mac = 'bc:24:11:5e:0a:01' as Mac;
    const { ref } = await maker.clone(request(680), signal);
    const nics = [{ slot: 'net0', mac, bridge: 'srv', ipv4: 'dhcp' as const }];
    const before = await maker.standing(ref, signal);
    const guest = await maker.configure(before, { nics, searchDomain: 'srv.internal' }, signal);

    await start(guest);

    expect(await stage.firstLease(680, 'srv')).toMatchObject({ name: 'made-680' });
    expect((await stage.inGuest(680, 'cat /sys/class/net/eth0/address')).trim()).toBe(mac);
    const seed = await stage.inGuest(680, 'cat /var/lib/cloud/seed/nocloud/user-data');
    expect(seed).toContain('hostname: made-680\n');
    expect(seed).toContain('fqdn: made-680.srv.internal\n');
    expect((await stage.inGuest(680, 'hostname')).trim()).toBe('made-680');
  });

  it('finds another disc when it was made anew while it ran', async () => {
    const ref = { ...template, vmid: 680 };
    const guest = await maker.standing(ref, signal);
    await maker.configure(guest, { name: 'anew' as Hostname }, signal);

    await maker.regenerateSeed(ref, signal);

    const seed = await stage.inGuest(680, 'cat /var/lib/cloud/seed/nocloud/user-data');
    expect(seed).toContain('hostname: anew\n');
  });

  it('gives cloud-init a text of one’s own, written to the node by ssh', async () => {
    const { hypervisor } = labByPvesh(stage.lab);
    const { making } = hypervisor;
    if (making?.snippets === undefined) throw new Error('it writes no snippets');
    const text = "instance-id: 'own'\nlocal-hostname: made-684\n";
    const { ref } = await making.clone(request(684), signal);
    const volume = await making.snippets.write(ref.node, 'truename-684.yaml', text, signal);
    const before = await making.standing(ref, signal);

    const guest = await making.configure(before, { customSeed: { meta: volume } }, signal);
    await start(guest);
    const seed = await stage.inGuest(684, 'cat /var/lib/cloud/seed/nocloud/meta-data');
    await making.snippets.remove(ref.node, volume, signal);
    await making.snippets.remove(ref.node, volume, signal);

    expect(guest.customSeed).toEqual({ meta: volume });
    expect(seed).toBe(text);
    await expect(hypervisor.seed?.(guest, signal)).rejects.toMatchObject({ code: 'not-found' });
    expect(maker).not.toHaveProperty('snippets');
  });

  it('has what its source had, and writes into nothing of it', async () => {
    const source = { ...template, vmid: 680 };
    await stage.inGuest(680, 'echo of-the-source > /root/trace; rm /etc/motd; sync');
    await maker.stop(source, signal);
    const full = await maker.clone(request(681, { source, disks: 'full' }), signal);
    await stage.cluster.call('POST', `/nodes/${nodeHost.name}/qemu/680/template`, {});
    const linked = await maker.clone(request(682, { source }), signal);

    await start(full);
    await start(linked);

    for (const vmid of [681, 682]) {
      expect((await stage.inGuest(vmid, 'cat /root/trace; ls /etc/motd 2>&1')).trim()).toMatch(
        /^of-the-source\n.*No such file/,
      );
    }
    await stage.inGuest(682, 'echo of-the-copy > /root/trace; sync');
    await maker.stop(linked.ref, signal);
    const again = await maker.clone(request(683, { source }), signal);
    await start(again);
    expect((await stage.inGuest(683, 'cat /root/trace')).trim()).toBe('of-the-source');
  });
});
