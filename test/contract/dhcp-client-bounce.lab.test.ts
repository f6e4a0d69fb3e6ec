import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freezeDhcp } from '../../lab/firewall.ts';
import { runInside } from '../../lab/inside.ts';
import { networkManager } from '../../src/adapters/network-manager/rungs.ts';
import type { DhcpClientRemedy } from '../../src/domain/remedy.ts';
import { openStage, type Stage } from '../end-to-end/stage.ts';
import { hasAddress, shellInGuest } from './dhcp-client-stage.ts';

/** NetworkManager 1.42 and 1.52. */
const guests = [
  { vmid: 660, template: 9010, name: 'nm12' },
  { vmid: 661, template: 9014, name: 'nm13' },
] as const;
type Guest = (typeof guests)[number];

/** How long the server may have been back before the address is. */
const backMs = 30_000;

let stage: Stage;
const addresses = new Map<number, string>();

beforeAll(async () => {
  stage = await openStage();
  for (const { vmid, template, name } of guests) {
    addresses.set(vmid, (await stage.clone(template, vmid, name, 'mgmt')).address);
    await stage.booted(vmid);
  }
}, 300_000);

afterAll(async () => {
  await stage?.lab.down();
});

const inside = ({ vmid }: Guest, script: string) => runInside(stage.lab.paths, String(vmid), script);
const units = (guest: Guest) =>
  inside(guest, `systemctl list-units --all --no-legend --plain 'truename*' | cut -d' ' -f1`);
const reachable = ({ vmid }: Guest) => hasAddress(stage.lab, vmid, addresses.get(vmid) ?? '');
const freeze = (frozen: boolean) => freezeDhcp(stage.lab.firewalls.mgmt, frozen);

async function bounce(guest: Guest, signal: AbortSignal): Promise<void> {
  const connection = (await inside(guest, 'nmcli -g GENERAL.CON-UUID device show eth0')).trim();
  const remedy: DhcpClientRemedy = {
    kind: 'bounce-connection',
    client: 'network-manager',
    device: 'eth0',
    connection,
    disruption: 'bounce',
    reach: 'guest',
    lasts: 'request',
  };
  await networkManager.apply(shellInGuest(stage.lab, guest.vmid), remedy, signal);
}

/** Milliseconds until every guest has its address and no unit is left; undefined for never in time. */
async function back(): Promise<number | undefined> {
  const began = performance.now();
  while (performance.now() - began < backMs) {
    const all = await Promise.all(
      guests.map(async (guest) => (await reachable(guest)) && (await units(guest)) === ''),
    );
    if (all.every(Boolean)) return performance.now() - began;
    await delay(250);
  }
  return undefined;
}

describe('a bounce', () => {
  it('brings the device back at once, and leaves no unit', async () => {
    for (const guest of guests) {
      await bounce(guest, AbortSignal.timeout(60_000));

      expect([await reachable(guest), await units(guest)]).toEqual([true, '']);
    }
  });

  it.each([20, 60])(
    'whose session and DHCP server are lost brings the device back when the server is: after %d s',
    async (seconds) => {
      await freeze(true);
      const lost = guests.map((guest) => bounce(guest, AbortSignal.timeout(2000)).catch(() => 'lost'));
      expect(await Promise.all(lost)).toEqual(['lost', 'lost']);
      await delay((seconds - 2) * 1000);
      const away = await Promise.all(guests.map(reachable));
      await freeze(false);

      expect(away).toEqual([false, false]);
      expect(await back()).toBeLessThan(backMs);
    },
  );

  it('that finds an earlier one at work waits for it, and starts no second', async () => {
    await freeze(true);
    await Promise.all(guests.map((guest) => bounce(guest, AbortSignal.timeout(2000)).catch(() => 'lost')));

    const again = guests.map((guest) => bounce(guest, AbortSignal.timeout(60_000)));
    await delay(3000);
    const during = await Promise.all(guests.map(units));
    await freeze(false);
    await Promise.all(again);

    expect(during).toEqual(['truename-bounce-eth0.service', 'truename-bounce-eth0.service']);
    expect(await Promise.all(guests.map(reachable))).toEqual([true, true]);
    expect(await Promise.all(guests.map(units))).toEqual(['', '']);
  });
});
