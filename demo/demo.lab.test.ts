import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { checkout } from '../lab/paths.ts';
import type { GuestStory } from './scene.ts';

describe('npm run demo -- --json', () => {
  it('ends with a line that tells what every lease and answer was, before, after, and after the reboot', async () => {
    const { stdout, exitCode } = await execa(
      process.execPath,
      ['--no-warnings', join(checkout, 'demo/main.ts'), '--json'],
      { reject: false },
    );

    const end = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
      proved: number;
      total: number;
      guests: GuestStory[];
    };
    expect(exitCode).toBe(0);
    expect([end.proved, end.total]).toEqual([3, 3]);
    expect(end.guests.map((guest) => guest.lease)).toEqual(
      ['alpha', 'beta', 'gamma'].map((name) => ({ before: 'tappaas-nixos', after: name, afterReboot: name })),
    );
    expect(new Set(end.guests.map((guest) => guest.segment))).toEqual(new Set(['mgmt', 'srv']));
    expect(new Set(end.guests.map((guest) => guest.shape)).size).toBe(3);
    for (const { dns, seconds } of end.guests) {
      expect(dns.before).toBe('ENOTFOUND');
      expect(dns.after).toMatch(/^10\.2\.[12]0\.\d+$/);
      expect(dns.afterReboot).toMatch(/^10\.2\.[12]0\.\d+$/);
      expect(seconds.build).toBeGreaterThan(0);
    }
  }, 240_000);
});
