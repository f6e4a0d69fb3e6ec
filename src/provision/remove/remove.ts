import { failureIn } from '../../apply/end-of-run.ts';
import { takeLock } from '../../apply/lock-guest.ts';
import { release } from '../../apply/reserve/release.ts';
import type { ReservationResult } from '../../apply/reserve/result.ts';
import type { ReserveSources } from '../../apply/reserve/sources.ts';
import { TruenameError } from '../../domain/error.ts';
import { hostKeyAlias } from '../../domain/host-key.ts';
import type { Mac } from '../../domain/mac.ts';
import { removeWithMeta } from '../own-meta.ts';
import { type Removable, type RemoveWork, removableFinder } from './find.ts';
import type { RemoveRequest, RemoveResult } from './request.ts';

type Lock = { release(): Promise<void> };

/** What is known of one on its way: `error` is why it goes no further. */
interface Leaving {
  readonly name: string;
  readonly removable?: Removable;
  readonly error?: { readonly refused: boolean; readonly error: TruenameError };
}

/**
 * Takes away VMs with what Truename reserved for them: the VMs first, so that none ever runs without its name, and then all
 * reservations in one write at each DHCP server. Without a memory nothing is changed. One that cannot be taken away never stops the
 * others; the same call finishes what was interrupted. Throws where it could not be seen what is reserved.
 */
export async function removeGuests(
  request: RemoveRequest,
  sources: ReserveSources,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<RemoveResult[]> {
  const maker = sources.hypervisor.making;
  if (maker === undefined)
    throw new TruenameError('unsupported', `${sources.hypervisor.id} removes no guests`);
  const work: RemoveWork = { request, sources, maker, signal };
  const locks: Lock[] = [];
  try {
    const found = await lookAtAll(work, locks);
    const left: Leaving[] = [];
    for (const each of found)
      left.push(sources.memory === undefined ? each : await takeAway(work, each, say));
    return await withoutReservations(work, left, say);
  } finally {
    for (const lock of locks.reverse()) await lock.release();
  }
}

/** Everything that was named, each once; what is to change is locked. */
async function lookAtAll(work: RemoveWork, locks: Lock[]): Promise<Leaving[]> {
  const find = await removableFinder(work);
  const found: Leaving[] = [];
  for (const word of work.request.words) {
    try {
      const removable = await find(word);
      const { name, standing } = removable;
      const twice = found.some(
        (each) => each.removable?.name === name && each.removable.standing?.ref.vmid === standing?.ref.vmid,
      );
      if (twice) continue;
      locks.push(...(await lock(work, removable)));
      found.push({ name, removable });
    } catch (error) {
      found.push({ name: word, error: { refused: true, error: failureIn(work.signal, error) } });
    }
  }
  return found;
}

/** Those of a run that makes its name, and of runs that work inside of it. */
async function lock({ sources }: RemoveWork, { name, standing }: Removable): Promise<Lock[]> {
  const { memory } = sources;
  if (memory === undefined) return [];
  const of = (alias: string) => takeLock(memory.locks, alias, memory.journal.run);
  const held = [await of(`clone-${name.toLowerCase()}`)];
  if (standing === undefined) return held;
  const { ref, uuid, nics } = standing;
  try {
    return [...held, await of(hostKeyAlias(ref.vmid, uuid ?? nics[0]?.mac ?? ''))];
  } catch (error) {
    for (const each of held) await each.release();
    throw error;
  }
}

/** The VM, and proof that it is gone. */
async function takeAway(
  { request, sources, maker, signal }: RemoveWork,
  leaving: Leaving,
  say: (line: string) => void,
): Promise<Leaving> {
  const { name, removable } = leaving;
  if (removable?.standing === undefined) return leaving;
  const { standing } = removable;
  const { ref } = standing;
  try {
    signal.throwIfAborted();
    if (request.stop) await maker.stop(ref, signal);
    const left = await removeWithMeta(sources.hypervisor, maker, standing, signal);
    if (left !== undefined) say(`${name}: ${left}`);
    if ((await sources.hypervisor.find(ref.vmid, signal)) !== undefined)
      throw new TruenameError('command-failed', `VM ${ref.vmid} is still there`);
    say(`${name}: VM ${ref.vmid} is gone`);
    return leaving;
  } catch (error) {
    return { ...leaving, error: { refused: false, error: failureIn(signal, error) } };
  }
}

async function withoutReservations(
  work: RemoveWork,
  left: readonly Leaving[],
  say: (line: string) => void,
): Promise<RemoveResult[]> {
  const macs = left.flatMap(({ removable, error }) => (error === undefined ? (removable?.macs ?? []) : []));
  const released = await releaseAll(work, macs, say).catch((error: unknown) => failureIn(work.signal, error));
  const dryRun = work.sources.memory === undefined;
  return left.map((each) => resultOf(each, released, dryRun));
}

/** Their guests may be gone by now: then MAC addresses name what is left of them. */
async function releaseAll(
  { request, sources, signal }: RemoveWork,
  macs: readonly Mac[],
  say: (line: string) => void,
): Promise<readonly ReservationResult[]> {
  if (macs.length === 0) return [];
  const inventory = await sources.hypervisor.guests(signal);
  const asked = { ...request, guests: [], words: macs, inventory, yes: true };
  return (await release(asked, sources, say, signal)).results;
}

function resultOf(
  { name, removable, error }: Leaving,
  released: readonly ReservationResult[] | TruenameError,
  dryRun: boolean,
): RemoveResult {
  const ref = removable?.standing?.ref;
  const base = { name, ...(ref === undefined ? {} : { ref }), reservations: [] };
  if (error !== undefined) {
    const outcome = error.refused ? 'refused' : 'failed';
    return { ...base, outcome, why: error.error.message, error: error.error };
  }
  const { macs = [] } = removable ?? {};
  const vm = ref === undefined ? [] : [dryRun ? 'the VM would be taken away' : 'the VM is gone'];
  const ended = macs.length === 0 ? nothingReserved : endOf(released, macs, dryRun);
  const outcome = ended.failed ? 'failed' : dryRun ? 'planned' : 'removed';
  const { why, reservations, ...rest } = ended;
  return {
    ...base,
    reservations,
    outcome,
    why: [...vm, why].join('; '),
    ...(rest.error === undefined ? {} : { error: rest.error }),
  };
}

/** What became of the reservations of one. */
interface ReservationsEnd {
  readonly failed: boolean;
  readonly why: string;
  readonly reservations: readonly ReservationResult[];
  readonly error?: TruenameError;
}

const nothingReserved: ReservationsEnd = {
  failed: false,
  why: 'nothing was reserved for it',
  reservations: [],
};

function endOf(
  released: readonly ReservationResult[] | TruenameError,
  macs: readonly Mac[],
  dryRun: boolean,
): ReservationsEnd {
  const failed = (why: string, reservations: readonly ReservationResult[], error?: TruenameError) => ({
    failed: true,
    why: `its reservation could not be taken back: ${why}`,
    reservations,
    ...(error === undefined ? {} : { error }),
  });
  if (released instanceof TruenameError) return failed(released.message, [], released);
  const mine = released.filter(({ mac }) => mac !== undefined && macs.includes(mac));
  const open = mine.find(({ outcome }) => outcome !== 'released' && outcome !== 'planned');
  if (open !== undefined) return failed(open.why, mine, open.error);
  const why = dryRun ? 'its reservation would be taken back' : 'its reservation is taken back';
  return { failed: false, why, reservations: mine };
}
