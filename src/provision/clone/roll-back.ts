import { failureIn } from '../../apply/end-of-run.ts';
import { undoReservations } from '../../apply/reserve/undo.ts';
import { TruenameError } from '../../domain/error.ts';
import type { GuestMaking, JournalledRun, JournalledWrite } from '../../domain/journal.ts';
import { removeWithMeta } from '../own-meta.ts';
import type { CloneContext } from './context.ts';
import { standsNow } from './earlier.ts';
import { remembering } from './make.ts';
import { bearsMark } from './mark.ts';

/** What was taken away, or why it was not. */
export interface RolledBack {
  readonly name: string;
  readonly error?: TruenameError;
}

type Making = JournalledWrite & { readonly write: GuestMaking };

/**
 * Takes away what a run made, each VM that still bears its mark, and then its reservations in one write at each server. A VM
 * of the same number that somebody else made is left, and so are reservations of the names in `keep`: their VMs live.
 */
export async function rollBack(
  context: CloneContext,
  journalled: JournalledRun,
  keep: ReadonlySet<string>,
): Promise<RolledBack[]> {
  const makings = journalled.writes.filter((each): each is Making => each.write.kind === 'guest');
  const done: RolledBack[] = [];
  for (const making of makings.toReversed()) {
    if (making.undoneBy !== undefined) continue;
    const { name } = making.guest;
    try {
      await takeAway(context, journalled.run, making);
      done.push({ name });
    } catch (error) {
      done.push({ name, error: failureIn(context.signal, error) });
    }
  }
  // Who is still there keeps its name.
  const left = new Set([...keep, ...done.flatMap(({ name, error }) => (error === undefined ? [] : [name]))]);
  const writes = journalled.writes.filter(({ guest }) => !left.has(guest.name));
  const undone = await undoReservations({ ...journalled, writes }, context.sources, context.signal);
  for (const { guest, error } of undone) if (error !== undefined) done.push({ name: guest.name, error });
  return done;
}

async function takeAway(context: CloneContext, run: string, { number, guest, write }: Making): Promise<void> {
  const { maker, sources, signal, tell } = context;
  const { vmid } = guest.ref;
  tell({ step: 'roll-back', type: 'begun', name: guest.name, vmid, text: 'it is taken away' });
  const standing = await standsNow(context, vmid);
  if (standing !== undefined && bearsMark(standing, write.mark)) {
    await maker.stop(standing.ref, signal);
    const left = await removeWithMeta(sources.hypervisor, maker, standing, signal);
    if (left !== undefined) tell({ step: 'roll-back', type: 'note', name: guest.name, vmid, text: left });
    if ((await sources.hypervisor.find(vmid, signal)) !== undefined)
      throw new TruenameError('command-failed', `VM ${vmid} is still there`, {
        where: sources.hypervisor.id,
      });
  }
  await remembering(context).journal.undone(run, number);
  tell({ step: 'roll-back', type: 'ended', name: guest.name, vmid, text: 'it is gone' });
}
