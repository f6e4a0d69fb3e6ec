import { TruenameError } from '../../domain/error.ts';
import type { StandingGuest } from '../../domain/guest-maker.ts';
import type { JournalledWrite } from '../../domain/journal.ts';
import type { Mac } from '../../domain/mac.ts';
import { type Hostname, sameName } from '../../domain/name.ts';
import { waitFor } from '../waiting.ts';
import type { CloneContext } from './context.ts';
import { bearsMark } from './mark.ts';

/** What earlier runs left of a clone: found by the journal, and believed by the mark in the VM itself. */
export interface EarlierClone {
  readonly name: Hostname;
  /** The VM; absent where they came no further than its reservation. */
  readonly made?: StandingGuest;
  /** MAC addresses that were reserved for it at servers, newest first; what was taken back may still hold a lease. */
  readonly macs: readonly { readonly server: string; readonly mac: Mac }[];
}

/**
 * What earlier runs of `clone` and `remove` left for these names. A making that nobody finished is settled: the VM is there and bears
 * the mark, or it is not, and the journal is told so. A copy that is still being made is waited for.
 */
export async function earlierClones(context: CloneContext): Promise<Map<Hostname, EarlierClone>> {
  const { order, sources } = context;
  const found = new Map<Hostname, EarlierClone>();
  for (const { run, command, writes } of await sources.runs()) {
    if (command !== 'clone' && command !== 'remove') continue;
    for (const entry of writes) {
      const name = order.names.find((each) => sameName(each, entry.guest.name));
      if (name === undefined) continue;
      found.set(name, await withEntry(context, run, found.get(name) ?? { name, macs: [] }, entry));
    }
  }
  return found;
}

async function withEntry(
  context: CloneContext,
  run: string,
  known: EarlierClone,
  entry: JournalledWrite,
): Promise<EarlierClone> {
  const { write } = entry;
  if (write.kind === 'reservation') {
    const { server, mac } = write;
    return { ...known, macs: [...known.macs, { server, mac }] };
  }
  if (write.kind !== 'guest' || entry.undoneBy !== undefined || known.made !== undefined) return known;
  const made = await settleMaking(context, run, entry, write.mark);
  return made === undefined ? known : { ...known, made };
}

/** The VM that a making left; undefined where nothing of it is there. */
async function settleMaking(
  context: CloneContext,
  run: string,
  { number, guest, certain }: JournalledWrite,
  mark: string,
): Promise<StandingGuest | undefined> {
  const { sources, tell } = context;
  const { memory } = sources;
  const standing = await standsNow(context, guest.ref.vmid);
  const ours = standing !== undefined && bearsMark(standing, mark);
  if (!ours) {
    await memory?.journal.undone(run, number);
    return undefined;
  }
  if (!certain) await memory?.journal.found(run, number);
  tell({ step: 'look', type: 'note', name: guest.name, vmid: guest.ref.vmid, text: `run ${run} made it` });
  return standing;
}

/**
 * The VM of this number once no copy is under way to it any more; undefined where there is none. Throws `vm-locked` where one is
 * still under way when patience ends: nobody knows then what will stand there.
 */
export async function standsNow(
  { sources, maker, signal }: CloneContext,
  vmid: number,
): Promise<StandingGuest | undefined> {
  const look = async () => {
    const summary = await sources.hypervisor.find(vmid, signal);
    if (summary === undefined || summary.kind !== 'vm') return { found: undefined };
    const standing = await maker.standing(summary.ref, signal);
    return standing.lock === 'clone' ? { notYet: 'it is being made' } : { found: standing };
  };
  const seen = await waitFor(look, { forMs: sources.patience.bootMs, everyMs: 500 }, sources.clock, signal);
  if ('found' in seen) return seen.found;
  throw new TruenameError('vm-locked', `VM ${vmid} is still being made`, {
    where: sources.hypervisor.id,
    hint: 'Look at its task at the hypervisor, and run the same command when it has ended: nothing of it is forgotten.',
  });
}
