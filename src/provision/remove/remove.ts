import { viewServers } from '../../apply/reserve/look.ts';
import { release } from '../../apply/reserve/release.ts';
import type { ReservationResult } from '../../apply/reserve/result.ts';
import type { ReserveSources } from '../../apply/reserve/sources.ts';
import { asTruenameError, TruenameError } from '../../domain/error.ts';
import type { GuestRef, GuestSummary } from '../../domain/guest.ts';
import type { GuestMaker, StandingGuest } from '../../domain/guest-maker.ts';
import type { Mac } from '../../domain/mac.ts';
import { sameName } from '../../domain/name.ts';
import { findGuests } from '../../observe/find-guests.ts';
import { ignoreTag } from '../../plan/spare.ts';
import { removeWithMeta } from '../own-meta.ts';

/** What a person asked for. */
export interface RemoveRequest {
  readonly run: string;
  /** Guests as `findGuests` takes them; of one that is gone, the name that Truename reserved. */
  readonly words: readonly string[];
  readonly inventory: readonly GuestSummary[];
  /** Names that templates give to their clones. */
  readonly templates: readonly string[];
  /** Switch off what runs. */
  readonly stop: boolean;
}

/** What came of one. */
export interface RemoveResult {
  readonly name: string;
  /** Absent where only its reservation was left. */
  readonly ref?: GuestRef;
  readonly outcome: 'removed' | 'planned' | 'refused' | 'failed';
  readonly why: string;
  /** Those of its MAC addresses that Truename made. */
  readonly reservations: readonly ReservationResult[];
  readonly error?: TruenameError;
}

/**
 * Takes away VMs with what Truename reserved for them: the VM first, so that it never runs without its name. Without a memory
 * nothing is changed. One that cannot be taken away never stops the others; the same call finishes what was interrupted.
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
  const results: RemoveResult[] = [];
  for (const word of request.words) {
    try {
      results.push(await removeOne({ request, sources, maker, say, signal }, word));
    } catch (error) {
      signal.throwIfAborted();
      const known = asTruenameError(error);
      results.push({ name: word, outcome: 'refused', why: known.message, reservations: [], error: known });
    }
  }
  return results;
}

/** What each part of it gets. */
interface Removing {
  readonly request: RemoveRequest;
  readonly sources: ReserveSources;
  readonly maker: GuestMaker;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

async function removeOne(work: Removing, word: string): Promise<RemoveResult> {
  const guest = await guestOf(work, word);
  if (guest === undefined) return leftOver(work, word);
  const { sources, maker, request, say, signal } = work;
  const standing = await mayGo(work, guest);
  const { ref, name } = standing;
  const macs = await reservedOf(work, ({ mac }) => standing.nics.some((nic) => nic.mac === mac));
  if (sources.memory === undefined) {
    const reservations = await releaseOf(work, macs);
    return { name, ref, outcome: 'planned', why: 'would be taken away', reservations };
  }
  try {
    if (request.stop) await maker.stop(ref, signal);
    const left = await removeWithMeta(sources.hypervisor, maker, standing, signal);
    if (left !== undefined) say(`${name}: ${left}`);
    if ((await sources.hypervisor.find(ref.vmid, signal)) !== undefined)
      throw new TruenameError('command-failed', `VM ${ref.vmid} is still there`);
    say(`${name}: VM ${ref.vmid} is gone`);
    return ended(name, await releaseOf(work, macs), ref);
  } catch (thrown) {
    signal.throwIfAborted();
    const error = asTruenameError(thrown);
    return { name, ref, outcome: 'failed', why: error.message, reservations: [], error };
  }
}

/** Undefined where none is called so, which may be one that is gone already. */
async function guestOf(
  { sources, request, signal }: Removing,
  word: string,
): Promise<GuestSummary | undefined> {
  try {
    return (await findGuests(sources, [word], request.inventory, signal))[0];
  } catch (error) {
    if (error instanceof TruenameError && error.code === 'not-found') return undefined;
    throw error;
  }
}

/** Throws for whatever must not be taken away unasked. */
async function mayGo(
  { request, maker, signal, sources }: Removing,
  guest: GuestSummary,
): Promise<StandingGuest> {
  const where = `${guest.ref.node}/${guest.ref.vmid}`;
  const called = guest.name ?? String(guest.ref.vmid);
  if (guest.kind === 'container')
    throw new TruenameError('unsupported', `${called} is a container, and only VMs are taken away`, {
      where,
    });
  if (guest.template) throw new TruenameError('vm-is-template', `${called} is a template`, { where });
  if (guest.tags.includes(ignoreTag))
    throw new TruenameError('name-refused', `${called} bears the tag ${ignoreTag}`, { where });
  const now = await sources.hypervisor.find(guest.ref.vmid, signal);
  if (now?.power !== 'stopped' && !request.stop) {
    throw new TruenameError('guest-on', `${called} is ${now?.power ?? 'not seen to be off'}`, {
      where,
      hint: 'Switch it off first; or add --stop.',
    });
  }
  const standing = await maker.standing(guest.ref, signal);
  if (!standing.template) return standing;
  throw new TruenameError('vm-is-template', `${called} is a template`, { where });
}

/** A reservation whose guest is gone, as where an earlier run was interrupted. */
async function leftOver(work: Removing, word: string): Promise<RemoveResult> {
  const macs = await reservedOf(work, ({ name }) => sameName(name, word));
  if (macs.length === 0) {
    throw new TruenameError(
      'not-found',
      `no guest that this login can see is ${word}, and nothing is reserved for it`,
      {
        where: work.sources.hypervisor.id,
      },
    );
  }
  const reservations = await releaseOf(work, macs);
  if (work.sources.memory !== undefined) return ended(word, reservations);
  return {
    name: word,
    outcome: 'planned',
    why: 'its VM is gone; its reservation would be taken back',
    reservations,
  };
}

async function reservedOf(
  { sources, signal }: Removing,
  holds: (own: { readonly mac: Mac; readonly name: string }) => boolean,
): Promise<Mac[]> {
  const ids = [...new Set(sources.segments.map(({ dhcpServer }) => dhcpServer))].sort();
  const servers = ids.map(sources.dhcpServer).filter(({ reserving }) => reserving !== undefined);
  const views = await viewServers(servers, signal);
  return [...new Set(views.flatMap(({ view }) => view.standing.own.filter(holds).map(({ mac }) => mac)))];
}

/** Its guest may be gone by now: then a MAC address names what is left of it. */
async function releaseOf(work: Removing, macs: readonly Mac[]): Promise<readonly ReservationResult[]> {
  if (macs.length === 0) return [];
  const { request, sources, say, signal } = work;
  const inventory = await sources.hypervisor.guests(signal);
  const { results } = await release(
    { ...request, guests: [], words: macs, inventory, yes: true },
    sources,
    say,
    signal,
  );
  return results;
}

function ended(name: string, reservations: readonly ReservationResult[], ref?: GuestRef): RemoveResult {
  const failed = reservations.find(({ outcome }) => outcome !== 'released');
  const told = { name, ...(ref === undefined ? {} : { ref }), reservations };
  if (failed === undefined) {
    const reserved =
      reservations.length === 0 ? 'nothing was reserved for it' : 'its reservation is taken back';
    return { ...told, outcome: 'removed', why: ref === undefined ? reserved : `the VM is gone; ${reserved}` };
  }
  const error = failed.error;
  return {
    ...told,
    outcome: 'failed',
    why: `its reservation could not be taken back: ${failed.why}`,
    ...(error === undefined ? {} : { error }),
  };
}
