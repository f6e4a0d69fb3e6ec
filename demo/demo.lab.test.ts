import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkout } from '../lab/paths.ts';
import { fixedGuests, rebuiltGuests } from './guests.ts';
import type { GuestStory } from './story.ts';

let exitCode: number | undefined;
let progress = '';
let end: { proved: number; total: number; guests: GuestStory[] };

beforeAll(async () => {
  const demo = [process.execPath, ['--no-warnings', join(checkout, 'demo/main.ts'), '--json']] as const;
  const ended = await execa(...demo, { reject: false });
  exitCode = ended.exitCode;
  progress = ended.stderr;
  end = JSON.parse(ended.stdout.trim().split('\n').at(-1) ?? '') as typeof end;
}, 300_000);

describe('npm run demo -- --json', () => {
  it('ends with a line that tells what every lease and answer was, before, after, and after the reboot', () => {
    const leases = [
      ...rebuiltGuests.map(({ name }) => ({ before: 'tappaas-nixos', after: name, afterReboot: name })),
      ...fixedGuests.map(({ name, leasesAs }) => ({ before: leasesAs, after: name, afterReboot: name })),
    ];

    expect(exitCode).toBe(0);
    expect([end.proved, end.total]).toEqual([6, 6]);
    expect(end.guests.map((guest) => guest.lease)).toEqual(leases);
    for (const { dns } of end.guests) {
      expect(dns.before).toBe('ENOTFOUND');
      expect(dns.after).toMatch(/^10\.2\.[12]0\.\d+$/);
      expect(dns.afterReboot).toMatch(/^10\.2\.[12]0\.\d+$/);
    }
  });

  it('rebuilds a guest of each profile shape, and mends one of each DHCP client, in both segments', () => {
    const shapes = ['ensure-profiles', 'automatic', 'stale-keyfile', 'network-manager', 'networkd', 'dhcpcd'];

    expect(end.guests.map((guest) => guest.shape)).toEqual(shapes);
    for (const act of [end.guests.slice(0, 3), end.guests.slice(3)])
      expect(new Set(act.map((guest) => guest.segment))).toEqual(new Set(['mgmt', 'srv']));
    const worked = end.guests.map(({ seconds }) => seconds.build ?? seconds.fix ?? 0);
    expect(worked.every((each) => each > 0)).toBe(true);
  });

  it('mends the others by one command, whose table is shown', () => {
    expect(progress).toMatch(/^\$ truename fix delta epsilon zeta --yes$/m);
    for (const { name, vmid } of fixedGuests)
      expect(progress).toMatch(new RegExp(`^✓ mended +${name} \\(${vmid}\\) `, 'm'));
  });
});
