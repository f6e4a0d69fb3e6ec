import type { ReserveMemory } from '../../src/apply/reserve/sources.ts';
import { SourceError } from '../../src/domain/error.ts';
import type { JournalledRun, JournalledWrite, LockHolder } from '../../src/domain/journal.ts';

/** What may happen to a run at one of its acts; counted from 1. */
export interface Fate {
  readonly at: number;
  /** `during` is a copy that goes on by itself; of any other act, after it. */
  readonly when: 'before' | 'after' | 'during';
}

/** Does one thing in the world unless the run is dead; `later` is what goes on by itself where the run dies meanwhile. */
export type Act = <T>(what: string, effect: () => Promise<T>, later?: () => void) => Promise<T>;

/** Every act of a run but looking; after its fate it acts no more. */
export function mortal(acts: string[], end: AbortController, fate: Fate | undefined): Act {
  const die = (): never => {
    end.abort(new DOMException('killed', 'AbortError'));
    throw new SourceError('cancelled', 'world', 'killed');
  };
  return async (what, effect, later) => {
    if (end.signal.aborted) return die();
    acts.push(what);
    const mine = fate !== undefined && acts.length === fate.at ? fate.when : undefined;
    if (mine === 'before') return die();
    if (mine === 'during' && later !== undefined) {
      later();
      return die();
    }
    const value = await effect();
    return mine === undefined ? value : die();
  };
}

/** A journal and locks that outlive the run. */
export function mortalMemory(
  run: string,
  runs: JournalledRun[],
  held: Map<string, LockHolder>,
  act: Act,
  now: () => string,
): ReserveMemory {
  const writes: JournalledWrite[] = [];
  runs.push({ run, startedAt: now(), command: 'clone', writes });
  const change = (of: string, number: number, to: Partial<JournalledWrite>) => {
    const all = runs.find((each) => each.run === of)?.writes as JournalledWrite[];
    const index = all.findIndex((each) => each.number === number);
    all[index] = { ...(all[index] as JournalledWrite), ...to };
  };
  return {
    journal: {
      run,
      writing: (guest, write) =>
        act(`journal ${write.kind} of ${guest.name}`, async () => {
          const number = writes.length + 1;
          writes.push({ number, guest, write, at: now(), certain: false });
          return number;
        }),
      written: (number) =>
        act(`journal written ${number}`, async () => change(run, number, { certain: true })),
      undone: (of, number) =>
        act(`journal undone ${number}`, async () => change(of, number, { undoneBy: run })),
      found: (of, number) =>
        act(`journal found ${number}`, async () => change(of, number, { certain: true })),
    },
    locks: {
      async take(name) {
        const holder = held.get(name);
        if (holder !== undefined) return { heldBy: holder };
        held.set(name, { run, pid: 1, host: 'here', since: now() });
        return { release: async () => void held.delete(name) };
      },
      holder: async (name) => held.get(name),
    },
  };
}
