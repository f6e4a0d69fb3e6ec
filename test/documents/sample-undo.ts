import type { Address } from '../../src/domain/address.ts';
import type { JournalledRun, JournalledWrite } from '../../src/domain/journal.ts';
import type { Mac } from '../../src/domain/mac.ts';
import type { Hostname } from '../../src/domain/name.ts';

type AnyWrite = JournalledWrite['write'];

/** One write of each kind, drop-ins in each of their forms, with a text of others, perhaps a hostile one. */
export function everyWrite(text: string): readonly AnyWrite[] {
  const as = { name: text as Hostname, address: '10.2.10.5' as Address };
  const profile = { connection: text, copy: 'saved' } as const;
  const named = { was: text, wrote: text } as const;
  const all: { readonly [Kind in AnyWrite['kind']]: readonly Extract<AnyWrite, { kind: Kind }>[] } = {
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
    reservation: [
      { kind: 'reservation', server: text, mac: text as Mac, was: as, wrote: as, leaseName: text },
      { kind: 'reservation', server: text, mac: text as Mac, was: null, wrote: null, leaseName: null },
    ],
    guest: [{ kind: 'guest', source: 9000, mark: text }],
  };
  return Object.values(all).flat();
}

/** A run that wrote these into one guest. */
export function journalledRun(
  writes: readonly AnyWrite[],
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
