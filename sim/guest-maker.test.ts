import { describe, expect, it } from 'vitest';
import type { CloneRequest, GuestMaker } from '../src/domain/guest-maker.ts';
import type { Mac } from '../src/domain/mac.ts';
import type { Hostname } from '../src/domain/name.ts';
import { simNetwork } from './network.ts';

const { signal } = new AbortController();
const source = { hypervisor: 'sim', node: 'tappaas1', vmid: 9014 };
const request: CloneRequest = {
  source,
  vmid: 610,
  name: 'alpha' as Hostname,
  description: 'made by a test',
  disks: 'linked',
};
const ref = { ...source, vmid: 610 };

function stage() {
  const network = simNetwork({ startsAt: Date.UTC(2026, 0, 1) });
  const { making, power, find } = network.hypervisor.port;
  if (making === undefined || power === undefined) throw new Error('it makes no guests');
  const maker: GuestMaker = making;
  return { network, maker, power, find };
}

describe('simGuestMaker', () => {
  it('makes a guest that is off, and leases under its name with the MAC address that it was given', async () => {
    const { network, maker, power } = stage();

    const made = await maker.clone(request, signal);
    const nics = [{ slot: 'net0', mac: 'bc:24:11:aa:bb:cc' as Mac, bridge: 'srv' }];
    const before = await maker.standing(made.ref, signal);
    const after = await maker.configure(before, { nics }, signal);
    await power(ref, 'start', signal);
    await network.clock.sleep(10_000, signal);

    expect(before).toMatchObject({ name: 'alpha', description: 'made by a test', template: false });
    expect(after.version).not.toBe(before.version);
    expect(network.server('srv').leases()).toMatchObject([{ mac: 'bc:24:11:aa:bb:cc', name: 'alpha' }]);
    expect(network.server('mgmt').leases()).toEqual([]);
  });

  it('makes it to the end when nobody waits any more', async () => {
    const { network, maker, find } = stage();
    const giveUp = new AbortController();

    const making = maker.clone(request, giveUp.signal);
    giveUp.abort();

    await expect(making).rejects.toMatchObject({ code: 'cancelled' });
    expect(await find(610, signal)).toMatchObject({ lock: 'clone' });
    await network.clock.sleep(2000, signal);
    expect(await find(610, signal)).toMatchObject({ name: 'alpha', power: 'stopped' });
    expect(await find(610, signal)).not.toHaveProperty('lock');
  });

  it('says what of a guest it does not model', async () => {
    const { maker } = stage();
    await maker.clone(request, signal);
    const standing = await maker.standing(ref, signal);
    const nics = [{ slot: 'net1', mac: 'bc:24:11:aa:bb:cc' as Mac }];

    await expect(maker.configure(standing, { nics }, signal)).rejects.toMatchObject({ code: 'unsupported' });
    await expect(maker.clone({ ...request, source: ref, vmid: 611 }, signal)).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
