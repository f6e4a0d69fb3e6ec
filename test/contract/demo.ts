import { describe, expect, it } from 'vitest';
import { fixedGuests, rebuiltGuests } from '../../demo/guests.ts';
import type { DemoReport } from '../../demo/story.ts';

/** A demo that was played with `--json`. */
export interface PlayedDemo {
  readonly world: DemoReport['world'];
  /** What it printed on stdout, line by line. */
  readonly lines: () => readonly string[];
  /** What it printed on stderr. */
  readonly progress: () => string;
}

/** What the demo tells, whatever world it is played in. */
export function demoContract(name: string, { world, lines, progress }: PlayedDemo): void {
  describe(`demo contract: ${name}`, () => {
    const end = () => JSON.parse(lines()[0] ?? '') as DemoReport;

    it('prints one line, which tells what every lease and answer was, before, after, and after the reboot', () => {
      const leases = [
        ...rebuiltGuests.map((guest) => ({
          before: 'tappaas-nixos',
          after: guest.name,
          afterReboot: guest.name,
        })),
        ...fixedGuests.map((guest) => ({
          before: guest.leasesAs,
          after: guest.name,
          afterReboot: guest.name,
        })),
      ];

      expect(lines()).toHaveLength(1);
      // First, for it shows the whole story of whoever was not.
      expect(end().guests.filter((guest) => !guest.proved)).toEqual([]);
      expect(end()).toMatchObject({ world, proved: 6, total: 6 });
      expect(end().guests.map((guest) => guest.lease)).toEqual(leases);
      for (const { dns } of end().guests) {
        expect(dns.before).toBe('ENOTFOUND');
        expect(dns.after).toMatch(/^10\.2\.[12]0\.\d+$/);
        expect(dns.afterReboot).toMatch(/^10\.2\.[12]0\.\d+$/);
      }
    });

    it('rebuilds a guest of each profile shape, and mends one of each DHCP client, in both segments', () => {
      const { guests } = end();
      const shapes = [
        'ensure-profiles',
        'automatic',
        'stale-keyfile',
        'network-manager',
        'networkd',
        'dhcpcd',
      ];

      expect(guests.map((guest) => guest.shape)).toEqual(shapes);
      for (const act of [guests.slice(0, 3), guests.slice(3)])
        expect(new Set(act.map((guest) => guest.segment))).toEqual(new Set(['mgmt', 'srv']));
      const worked = guests.map(({ seconds }) => seconds.build ?? seconds.fix ?? 0);
      expect(worked.every((each) => each > 0)).toBe(true);
    });

    it('takes the same rungs everywhere', () => {
      const taken = [...progress().matchAll(/^✓ name +(.*) \(/gm)].map((match) => match[1]);

      expect(taken).toEqual(['refresh-static-name', 'refresh-static-name', 'clear-profile-name']);
    });

    it('mends the others by one command, whose table is shown', () => {
      const rungs = {
        delta: 'clear-profile-name',
        epsilon: 'reload-link',
        zeta: 'set-static-name, rebind-lease',
      };

      expect(progress()).toMatch(/^\$ truename fix delta epsilon zeta --yes$/m);
      for (const { name: guest, vmid } of fixedGuests) {
        const rung = rungs[guest as keyof typeof rungs];
        expect(progress()).toMatch(new RegExp(`^✓ mended +${guest} \\(${vmid}\\) +${rung} in `, 'm'));
      }
    });
  });
}
