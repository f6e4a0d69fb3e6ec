import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freezeDhcp, ignoreNames, ignoreRequests } from '../../lab/firewall.ts';
import { runInside } from '../../lab/inside.ts';
import { watchFix } from './fix-run.ts';
import { fixedGuest, runFix } from './fix-stage.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let folder = '';

/** NetworkManager 1.52 in `srv` and `mgmt`, and 1.42. */
const guests = [
  { vmid: 870, name: 'kim', template: 9014, segment: 'srv', later: false },
  { vmid: 871, name: 'leo', template: 9014, segment: 'mgmt', later: false },
  { vmid: 872, name: 'mona', template: 9014, segment: 'mgmt', later: false },
  { vmid: 873, name: 'nick', template: 9014, segment: 'mgmt', later: false },
  { vmid: 874, name: 'olga', template: 9014, segment: 'srv', later: true },
  { vmid: 875, name: 'pete', template: 9010, segment: 'srv', later: true },
] as const;

const inside = (vmid: number, script: string) => runInside(stage.lab.paths, String(vmid), script);

/** A template's name in the profile, applied: what fix mends by one renewal. */
const spoil = (name: string) =>
  `uuid=$(nmcli -g GENERAL.CON-UUID device show eth0)
   nmcli connection modify "$uuid" ipv4.dhcp-hostname ${name}; nmcli device reapply eth0; sleep 1`;

const addressOf = (vmid: number) => inside(vmid, 'ip -4 -o address show dev eth0 scope global');

beforeAll(async () => {
  stage = await openStage();
  const { cluster, lab } = stage;
  const soon = guests.filter(({ later }) => !later);
  for (const { template, vmid, name, segment } of soon)
    await cluster.clone(template, vmid, name, lab.firewalls[segment].segment.bridge);
  for (const { vmid } of soon) await stage.booted(vmid);
  for (const vmid of [870, 871, 872, 873]) await inside(vmid, spoil('debian13-nm'));
  folder = await stage.folder('harm', { proofSeconds: 5 });
}, 300_000);

afterAll(async () => {
  await stage?.lab.down();
});

describe('a DHCP server that is there and does not answer', () => {
  it('is asked for nothing, and the guest keeps its address', async () => {
    await freezeDhcp(stage.lab.firewalls.srv, true);

    const { exitCode, report } = await runFix(stage, folder, ['870']);
    // NetworkManager 1.52 would give the address up 15 s after a renewal that nobody answers.
    await delay(17_000);
    const address = await addressOf(870);
    await freezeDhcp(stage.lab.firewalls.srv, false);

    const guest = fixedGuest(report, 870);
    expect([exitCode, guest.outcome, guest.error?.code]).toEqual([1, 'failed', 'dhcp-server-silent']);
    expect(guest.taken).toEqual([]);
    expect(address).toContain('10.2.20.');
  });
});

describe('a fleet whose first renewal stays without an answer', () => {
  it('ends there: nobody else is begun, and it is said what happened to whom', async () => {
    const { mgmt } = stage.lab.firewalls;
    const macs = await Promise.all([871, 872, 873].map((vmid) => stage.cluster.mac(vmid)));
    await ignoreRequests(mgmt, macs);

    const { exitCode, report } = await runFix(stage, folder, ['871', '872', '873']);
    await ignoreRequests(mgmt, []);

    const outcomes = [871, 872, 873].map((vmid) => fixedGuest(report, vmid).outcome);
    expect(outcomes).toEqual(['failed', 'not-begun', 'not-begun']);
    expect(fixedGuest(report, 871).error?.code).toBe('renewal-unanswered');
    expect(report.stopped).toContain('leo (871)');
    expect(exitCode).toBe(1);
  });

  it('mends them all once the server answers again', async () => {
    const { exitCode, report } = await runFix(stage, folder, ['870', '871', '872', '873']);

    // NetworkManager asks again by itself, so that the first of them may be right already.
    const outcomes = new Set(report.guests.map(({ outcome }) => outcome));
    expect(['mended', 'right'], JSON.stringify(report)).toEqual(expect.arrayContaining([...outcomes]));
    for (const { vmid, name, segment } of guests.filter(({ later }) => !later))
      expect((await stage.lease(vmid, segment))?.name).toBe(name);
    expect(exitCode).toBe(0);
  });
});

describe('a bounce', () => {
  beforeAll(async () => {
    // Whatever a guest asks for, its lease is left without a name, so that every rung is taken.
    const { srv } = stage.lab.firewalls;
    await ignoreNames(srv, true);
    for (const { template, vmid, name } of guests.filter(({ later }) => later))
      await stage.cluster.clone(template, vmid, name, srv.segment.bridge);
    for (const vmid of [874, 875]) await stage.firstLease(vmid, 'srv');
    for (const vmid of [874, 875]) await stage.booted(vmid);
  }, 120_000);

  it('is not begun unless it was asked for, and what was withheld is said', async () => {
    const { exitCode, report } = await runFix(stage, folder, ['874']);

    const guest = fixedGuest(report, 874);
    expect(guest.taken.map(({ remedy }) => remedy.kind)).not.toContain('bounce-connection');
    expect(guest.withheld.map(({ kind }) => kind)).toContain('bounce-connection');
    expect([exitCode, guest.outcome]).toEqual([1, 'not-mended']);
  });

  it.each([874, 875])(
    'that meets a server cut off in its midst ends 1, and the device comes back by itself: %i',
    async (vmid) => {
      const { srv } = stage.lab.firewalls;

      const { exitCode, report } = await watchFix(
        stage.lab,
        folder,
        [String(vmid), '--max-disruption', 'bounce'],
        async (event) => {
          if (event.type === 'rung-started' && event.remedy.kind === 'bounce-connection')
            await freezeDhcp(srv, true);
        },
      );
      await delay(20_000);
      await freezeDhcp(srv, false);
      const returned = performance.now();
      let address = '';
      while (!address.includes('10.2.20.') && performance.now() - returned < 40_000) {
        address = await addressOf(vmid);
        await delay(250);
      }

      expect(exitCode).toBe(1);
      expect(report === undefined ? undefined : fixedGuest(report, vmid).outcome).toBe('failed');
      expect(address).toContain('10.2.20.');
      expect((performance.now() - returned) / 1000).toBeLessThan(30);
      // Whoever undoes ends by itself.
      await inside(
        vmid,
        'n=0; while systemctl list-units --all --plain | grep -q truename && [ $n -lt 60 ]; do n=$((n+1)); sleep 1; done',
      );
      expect(await inside(vmid, 'systemctl list-units --all --plain --no-legend "truename*"')).toBe('');
    },
  );
});
