import type { MendState } from '../../src/apply/mend-sources.ts';
import type { JournalledGuest, JournalledWrite, LockHolder } from '../../src/domain/journal.ts';

/** One line of the journal. */
interface Remembered {
  readonly guest: JournalledGuest;
  readonly write: JournalledWrite['write'];
  written: boolean;
}

/** What is remembered between runs, in memory. */
export interface FixMemory {
  readonly state: MendState;
  readonly lastWritten: (alias: string) => Promise<string | undefined>;
  /** Who holds which lock; a test may put others in. */
  readonly held: Map<string, LockHolder>;
  /** The name that was given last, by alias. */
  readonly names: Map<string, string>;
  readonly journal: Remembered[];
}

/** A state directory of the run `run-1`; what is asked of it is told to the log. */
export function fixMemory(log: string[]): FixMemory {
  const held = new Map<string, LockHolder>();
  const names = new Map<string, string>();
  const journal: Remembered[] = [];
  const lastWritten = async (alias: string) => names.get(alias);
  const state: MendState = {
    journal: {
      run: 'run-1',
      async writing(guest, write) {
        log.push(`writing ${guest.ref.vmid} ${write.kind}`);
        return journal.push({ guest, write, written: false });
      },
      async written(number) {
        log.push(`written ${number}`);
        const line = journal[number - 1];
        if (line !== undefined) line.written = true;
      },
      async undone(run, number) {
        log.push(`undone ${run} ${number}`);
      },
      async found(run, number) {
        log.push(`found ${run} ${number}`);
      },
    },
    locks: {
      async take(name, run) {
        const holder = held.get(name);
        if (holder !== undefined) return { heldBy: holder };
        log.push(`lock ${name}`);
        held.set(name, { run, pid: 1, host: 'here', since: '2026-01-01T12:00:00.000Z' });
        return {
          async release() {
            log.push(`unlock ${name}`);
            held.delete(name);
          },
        };
      },
      holder: async (name) => held.get(name),
    },
    names: {
      last: lastWritten,
      async remember(alias, name) {
        log.push(`remember ${name}`);
        names.set(alias, name);
      },
    },
  };
  return { state, lastWritten, held, names, journal };
}

/** Another run that holds a lock. */
export const otherRun: LockHolder = {
  run: '20260101-110000-abcd',
  pid: 4711,
  host: 'cicd',
  since: '2026-01-01T11:00:00.000Z',
};
