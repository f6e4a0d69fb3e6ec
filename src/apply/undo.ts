import { asTruenameError, TruenameError } from '../domain/error.ts';
import type { GuestSummary } from '../domain/guest.ts';
import type { JournalledGuest, JournalledRun, JournalledWrite } from '../domain/journal.ts';
import type { Restored, Shell } from '../domain/ports.ts';
import { examineAndEnter } from '../observe/examine.ts';
import { failureIn } from './end-of-run.ts';
import { lockGuest } from './lock-guest.ts';
import type { MendSources } from './mend-sources.ts';

/** What came of putting one write back. */
export interface UndoneWrite {
  readonly write: JournalledWrite;
  /** `before`: an earlier undo put it back; `would-restore`: nothing was to be changed. */
  readonly result: Restored | 'before' | 'would-restore';
}

/** What came of one guest. */
export interface UndoneGuest {
  readonly guest: JournalledGuest;
  /** Last written first. */
  readonly writes: readonly UndoneWrite[];
  /** What kept the rest from being put back. */
  readonly error?: TruenameError;
}

/**
 * Puts back what a run wrote into guests, the last first, each where it still stands. Asks no DHCP server for
 * anything: a lease keeps its name until the guest asks next. One guest's failure never stops the others.
 */
export async function undoRun(
  journalled: JournalledRun,
  sources: MendSources,
  options: { readonly dryRun: boolean; readonly inventory: readonly GuestSummary[] },
  signal: AbortSignal,
): Promise<UndoneGuest[]> {
  const aliases = [...new Set(journalled.writes.map(({ guest }) => guest.alias))];
  const done: UndoneGuest[] = [];
  for (const alias of aliases) {
    const writes = journalled.writes.filter(({ guest }) => guest.alias === alias).reverse();
    const [first] = writes;
    if (first === undefined) continue;
    done.push(await undoGuest(journalled.run, { guest: first.guest, writes }, sources, options, signal));
  }
  return done;
}

interface WrittenGuest {
  readonly guest: JournalledGuest;
  readonly writes: readonly JournalledWrite[];
}

async function undoGuest(
  run: string,
  { guest, writes }: WrittenGuest,
  sources: MendSources,
  { dryRun, inventory }: { readonly dryRun: boolean; readonly inventory: readonly GuestSummary[] },
  signal: AbortSignal,
): Promise<UndoneGuest> {
  if (writes.every(({ undoneBy }) => undoneBy !== undefined))
    return { guest, writes: writes.map((write) => ({ write, result: 'before' })) };
  const done: UndoneWrite[] = [];
  const lock = dryRun ? undefined : await lockGuest(sources, guest.alias).catch(asTruenameError);
  if (lock instanceof TruenameError) return { guest, writes: done, error: lock };
  try {
    const shell = await enterAgain(guest, sources, inventory, signal);
    for (const write of writes) {
      if (write.undoneBy !== undefined) done.push({ write, result: 'before' });
      else if (dryRun) done.push({ write, result: 'would-restore' });
      else done.push({ write, result: await putBack(run, write, shell, sources, signal) });
    }
    return { guest, writes: done };
  } catch (error) {
    return { guest, writes: done, error: failureIn(signal, error) };
  } finally {
    await lock?.release();
  }
}

async function putBack(
  run: string,
  write: JournalledWrite,
  shell: Shell,
  sources: MendSources,
  signal: AbortSignal,
): Promise<Restored> {
  if (write.write.kind === 'reservation' || write.write.kind === 'guest')
    throw new TruenameError('internal', `a ${write.write.kind} was to be put back in a guest`);
  const result = await sources.restore(shell, write.write, signal);
  if (result === 'restored' || result === 'gone') await sources.state?.journal.undone(run, write.number);
  return result;
}

/** The same guest, by number and uuid: another may have its number by now. */
async function enterAgain(
  { ref, alias, name }: JournalledGuest,
  sources: MendSources,
  inventory: readonly GuestSummary[],
  signal: AbortSignal,
): Promise<Shell> {
  const where = `${ref.node}/${ref.vmid}`;
  const guest = inventory.find((each) => each.ref.vmid === ref.vmid && !each.template);
  if (guest === undefined)
    throw new TruenameError('not-found', `guest ${name} (${ref.vmid}) is not there any more`, { where });
  const options = { inventory, patienceMs: sources.patience.lookMs };
  const examined = await examineAndEnter(sources, guest, options, signal);
  if (examined.alias !== alias)
    throw new TruenameError('not-the-vm', `another guest has the number ${ref.vmid} by now`, { where });
  if (examined.shell !== undefined) return examined.shell;
  const { guest: view } = examined.evidence.snapshot;
  const why = view.seen === 'not-observable' ? view.why : 'it said nothing';
  const code = view.seen === 'not-observable' ? view.code : 'bad-response';
  throw new TruenameError(code, `nobody could enter the guest: ${why}`, { where });
}
