import pLimit from 'p-limit';
import { takeLock } from '../../apply/lock-guest.ts';
import { asTruenameError, TruenameError } from '../../domain/error.ts';
import type { CloneContext, CloneOrder, CloneSources, TellClone } from './context.ts';
import { earlierClones } from './earlier.ts';
import { finishClone } from './finish.ts';
import { foreseeSeed } from './own-seed.ts';
import { type PlannedClone, planClones, type RefusedName } from './plan.ts';
import { type ReservedNames, reserveNames } from './reserve-names.ts';
import type { CloneResult, CloneRun } from './result.ts';
import { notMade, wouldMake } from './result-of.ts';
import { rollBack } from './roll-back.ts';
import { type CloneSource, findSource } from './source.ts';
import { surveyNames } from './survey.ts';

/** Copies under way together: more run into each other's storage locks. */
const madeAtOnce = 4;

/**
 * Makes clones that lease under their own names from their first DISCOVER: every name is looked for everywhere first, all
 * are reserved in one write at each DHCP server, and only then is anything made. One clone's failure never stops the others;
 * the same call finishes what an earlier run began. Throws where nothing could be decided; then nothing was made.
 */
export async function clone(
  order: CloneOrder,
  sources: CloneSources,
  emit: TellClone,
  signal: AbortSignal,
): Promise<CloneRun> {
  const maker = sources.hypervisor.making;
  if (maker === undefined) {
    throw new TruenameError('unsupported', `${sources.hypervisor.id} makes no guests`, {
      where: sources.hypervisor.id,
    });
  }
  const tell: CloneContext['tell'] = (event) => emit({ ...event, at: sources.now() });
  const context: CloneContext = { order, sources, maker, signal, tell };
  const locks = await lockNames(context);
  try {
    return await flow(context);
  } finally {
    await locks.release();
  }
}

async function flow(context: CloneContext): Promise<CloneRun> {
  const { order, sources, signal, tell } = context;
  tell({ step: 'source', type: 'begun', text: `looking for ${order.from}` });
  const source = await findSource(context, await sources.hypervisor.guests(signal));
  const { ref } = source.summary;
  tell({
    step: 'source',
    type: 'ended',
    vmid: ref.vmid,
    text: `${source.standing.name} (${ref.vmid} on ${ref.node})`,
  });

  tell({ step: 'look', type: 'begun', text: 'looking who has the names, everywhere' });
  const earlier = await earlierClones(context);
  const inventory = await sources.hypervisor.guests(signal);
  const survey = await surveyNames(context, inventory);
  const planned = await planClones(context, { source, survey, earlier });
  const refused = planned.filter((each) => 'error' in each);
  tell({ step: 'look', type: 'ended', text: looked(planned.length, refused) });
  const run = { run: order.run, dryRun: sources.memory === undefined };
  const told = { ...run, source: { ref, name: source.standing.name } };
  const clones = planned.filter((each) => 'ref' in each);
  if (refused.length > 0) return { ...told, servers: [], results: planned.map(notMade) };

  tell({ step: 'reserve', type: 'begun', text: `${clones.length} to be reserved` });
  const names = await reserveNames(context, source, clones, inventory);
  const writes = names.servers.reduce((sum, each) => sum + each.writes, 0);
  tell({
    step: 'reserve',
    type: 'ended',
    text: `${writes} ${writes === 1 ? 'write' : 'writes'} at DHCP servers`,
  });
  if (sources.memory === undefined)
    return {
      ...told,
      servers: names.servers,
      results: await foreseeAll(context, source, clones, names),
    };
  const results = await makeAll(context, source, clones, names);
  return { ...told, servers: names.servers, results: await rollBackWhereAsked(context, results) };
}

/** Two runs that make the same name would each find it free. */
async function lockNames({ order, sources }: CloneContext): Promise<{ release(): Promise<void> }> {
  const { memory } = sources;
  const held: { release(): Promise<void> }[] = [];
  const release = async () => {
    for (const lock of held.reverse()) await lock.release();
  };
  if (memory === undefined) return { release };
  try {
    for (const name of [...order.names].sort())
      held.push(await takeLock(memory.locks, `clone-${name.toLowerCase()}`, memory.journal.run));
  } catch (error) {
    await release();
    throw error;
  }
  return { release };
}

function looked(count: number, refused: readonly RefusedName[]): string {
  if (refused.length > 0) return `${refused.length} of ${count} cannot be given`;
  return count === 1 ? 'nobody has the name' : `nobody has one of the ${count} names`;
}

async function makeAll(
  context: CloneContext,
  source: CloneSource,
  clones: readonly PlannedClone[],
  names: ReservedNames,
): Promise<CloneResult[]> {
  const limit = pLimit(madeAtOnce);
  return Promise.all(clones.map((each) => finishClone(context, source, each, names, limit)));
}

async function foreseeAll(
  context: CloneContext,
  { standing }: CloneSource,
  clones: readonly PlannedClone[],
  names: ReservedNames,
): Promise<CloneResult[]> {
  const foreseen: CloneResult[] = [];
  for (const clone of clones)
    foreseen.push(wouldMake(await foreseeSeed(context, { clone, names }, standing)));
  return foreseen;
}

async function rollBackWhereAsked(
  context: CloneContext,
  results: readonly CloneResult[],
): Promise<readonly CloneResult[]> {
  const { order, sources, signal } = context;
  if (!order.rollback || results.every(({ outcome }) => outcome !== 'failed')) return results;
  signal.throwIfAborted();
  const journalled = (await sources.runs()).find(({ run }) => run === order.run);
  if (journalled === undefined) return results;
  const done = await rollBack(context, journalled).catch((error: unknown) => {
    signal.throwIfAborted();
    return order.names.map((name) => ({ name, error: asTruenameError(error) }));
  });
  const gone = new Map(done.map((each) => [each.name, each.error] as const));
  return results.map((result) => {
    if (result.continued)
      return { ...result, notes: [...result.notes, 'an earlier run made it, and it was left'] };
    const error = gone.get(result.name);
    if (error !== undefined)
      return {
        ...result,
        outcome: 'failed' as const,
        why: `it could not be taken away: ${error.message}`,
        error,
      };
    return { ...result, outcome: 'rolled-back' as const };
  });
}
