import type { GuestWrite, JournalledRun } from '../../src/domain/journal.ts';

/** One write of each kind, drop-ins in each of their forms, with a text of others, perhaps a hostile one. */
export function everyWrite(text: string): readonly GuestWrite[] {
  const profile = { connection: text, copy: 'saved' } as const;
  const named = { was: text, wrote: text } as const;
  const all: { readonly [Kind in GuestWrite['kind']]: readonly Extract<GuestWrite, { kind: Kind }>[] } = {
    'static-name': [{ kind: 'static-name', ...named }],
    'transient-name': [{ kind: 'transient-name', ...named }],
    'profile-name': [{ kind: 'profile-name', ...profile, ...named }],
    'profile-sends-name': [{ kind: 'profile-sends-name', ...profile, was: true, wrote: false }],
    'drop-in': [
      { kind: 'drop-in', path: text, was: { name: text }, wrote: { name: text } },
      { kind: 'drop-in', path: text, was: null, wrote: 'send-none' },
      { kind: 'drop-in', path: text, was: null, wrote: 'nothing' },
    ],
    'conf-name': [{ kind: 'conf-name', file: text, ...named }],
  };
  return Object.values(all).flat();
}

/** A run that wrote these into one guest. */
export function journalledRun(
  writes: readonly GuestWrite[],
  name = 'alpha',
  startedAt = '2026-01-01T12:00:00.000Z',
): JournalledRun {
  const ref = { hypervisor: 'pve', node: 'pve1', vmid: 610 };
  return {
    run: '20260101-120000-0000',
    startedAt,
    command: 'fix',
    writes: writes.map((write, index) => ({
      number: index + 1,
      guest: { ref, kind: 'vm', name, alias: 'truename-vm-610-uuid' },
      write,
      at: startedAt,
      certain: true,
    })),
  };
}
