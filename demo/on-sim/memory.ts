import type { MendState } from '../../src/apply/mend-sources.ts';
import type { LockHolder, Locks } from '../../src/domain/journal.ts';
import type { HostKeyStore, PinnedHostKeys } from '../../src/domain/ports.ts';

/** What Truename remembers between runs, kept in memory and gone with it. */
export interface SimMemory {
  readonly hostKeys: HostKeyStore;
  readonly locks: Locks;
  /** The name that was given to a guest last, by alias. */
  lastWritten(alias: string): Promise<string | undefined>;
  /** What a mending run writes down. */
  state(run: string): MendState;
}

/** A memory of nothing yet; `now` is the clock of the world. */
export function simMemory(now: () => string): SimMemory {
  const pins = new Map<string, PinnedHostKeys>();
  const given = new Map<string, string>();
  const locks = memoryLocks(now);
  const lastWritten = async (alias: string) => given.get(alias);
  return {
    hostKeys: {
      pinned: async (alias) => pins.get(alias),
      pin: async (alias, keys) => void pins.set(alias, keys),
      file: (alias) => `known_hosts of ${alias}, in memory`,
    },
    locks,
    lastWritten,
    state(run) {
      let lines = 0;
      return {
        journal: {
          run,
          async writing() {
            lines += 1;
            return lines;
          },
          written: async () => undefined,
          undone: async () => undefined,
          found: async () => undefined,
        },
        locks,
        names: { last: lastWritten, remember: async (alias, name) => void given.set(alias, name) },
      };
    },
  };
}

function memoryLocks(now: () => string): Locks {
  const held = new Map<string, LockHolder>();
  return {
    async take(name, run) {
      const heldBy = held.get(name);
      if (heldBy !== undefined) return { heldBy };
      held.set(name, { run, pid: process.pid, host: 'sim', since: now() });
      return { release: async () => void held.delete(name) };
    },
    holder: async (name) => held.get(name),
  };
}
