import { SourceError } from '../../domain/error.ts';
import type { GuestConfiguration } from '../../domain/guest.ts';
import type { GuestSettings, StandingGuest } from '../../domain/guest-maker.ts';
import { ownMetaFile, withoutForeignMeta } from '../../plan/own-meta.ts';
import { ownMetaOf, removeOwnMeta, writeOwnMeta } from '../own-meta.ts';
import type { CloneContext } from './context.ts';
import { type NameSource, namedByServer } from './seed-notes.ts';

/**
 * What stands in for generated cloud-init data of a clone that was not started yet; undefined where it stays as it is. Where no
 * server gives the clone its name, meta-data of Truename's tells it before the network is up; user, network and vendor data
 * stay. Where that cannot be had the clone goes without, and `known` says why.
 */
export async function seedFor(
  context: CloneContext,
  known: NameSource,
  made: StandingGuest,
): Promise<GuestSettings['customSeed']> {
  const { sources, maker, signal } = context;
  const { clone } = known;
  const seed = withoutForeignMeta(made);
  const cleaned = seed === made.customSeed ? undefined : seed;
  if (namedByServer(known)) {
    // An earlier run, at another server, may have written some, and come no further.
    if (clone.existing !== undefined && maker.snippets !== undefined)
      await removeOwnMeta(maker.snippets, made, signal);
    return cleaned;
  }
  try {
    const meta = await writeOwnMeta(sources.hypervisor, writable(context, made), made, clone.name, signal);
    if (seed?.meta !== undefined && seed.meta !== meta) tellReplaced(context, known, made, seed.meta);
    return { ...seed, meta };
  } catch (error) {
    known.withoutMeta = whyNot(context, error);
    return cleaned;
  }
}

/**
 * Writes the meta-data of a clone anew where its file is gone, as where a run was killed while it took the clone away: the
 * clone could not start without. Nothing where it is there, or where nobody can look.
 */
export async function restoreSeed(
  { sources: { hypervisor }, maker: { snippets }, signal }: CloneContext,
  { clone }: NameSource,
  made: StandingGuest,
): Promise<void> {
  if (snippets === undefined || hypervisor.seed === undefined) return;
  if (clone.existing === undefined || ownMetaOf(made) === undefined) return;
  try {
    await hypervisor.seed(made, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SourceError) || error.code !== 'not-found') throw error;
    await writeOwnMeta(hypervisor, snippets, made, clone.name, signal);
  }
}

/** Foresees the same of what is copied, changing nothing. */
export async function foreseeSeed(
  context: CloneContext,
  known: NameSource,
  source: StandingGuest,
): Promise<NameSource> {
  const { clone } = known;
  if (namedByServer(known) || clone.existing !== undefined) return known;
  try {
    const file = ownMetaFile('UUID-OF-THE-VM');
    const metaToBe = await writable(context, source).volume(clone.ref.node, file, context.signal);
    return { ...known, metaToBe };
  } catch (error) {
    return { ...known, withoutMeta: whyNot(context, error) };
  }
}

/** Throws `unsupported` where the clone reads no meta-data, or none can be written. */
function writable({ maker: { snippets }, sources }: CloneContext, { cloudInit }: GuestConfiguration) {
  const { id } = sources.hypervisor;
  if (!cloudInit) throw new SourceError('unsupported', id, 'it has no cloud-init drive');
  if (snippets !== undefined) return snippets;
  throw new SourceError(
    'unsupported',
    id,
    'meta-data is written by ssh on the nodes, and the hypervisor is configured by endpoints',
  );
}

/** What cannot be had of a source is no failure of the clone: its name is looked at when it runs. */
function whyNot({ signal }: CloneContext, error: unknown): string {
  signal.throwIfAborted();
  if (error instanceof SourceError) return error.message;
  throw error;
}

function tellReplaced({ tell }: CloneContext, { clone }: NameSource, made: StandingGuest, was: string): void {
  const text = `meta-data of its own takes the place of ${was}, which is that of the template`;
  tell({ step: 'set-up', type: 'note', name: clone.name, vmid: made.ref.vmid, text });
}
