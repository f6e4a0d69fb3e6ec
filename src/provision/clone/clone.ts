import pLimit from 'p-limit';
import { failureIn } from '../../apply/end-of-run.ts';
import { takeLock } from '../../apply/lock-guest.ts';
import { TruenameError } from '../../domain/error.ts';
import type { JournalledRun } from '../../domain/journal.ts';
import type { CloneContext, CloneOrder, CloneSources, TellClone } from './context.ts';
import { earlierClones } from './earlier.ts';
import { finishClone } from './finish.ts';
import { foreseeSeed } from './own-seed.ts';
import { type PlannedClone, planClones, type RefusedName } from './plan.ts';
import { type ReservedNames, reserveNames } from './reserve-names.ts';
import type { CloneResult, CloneRun } from './result.ts';
import { notMade, wouldMake } from './result-of.ts';
import { type RolledBack, rollBack } from './roll-back.ts';
import { type CloneSource, findSource } from './source.ts';
import { surveyNames } from './survey.ts';

/** Copies under way together: more run into each other's storage locks. */
const madeAtOnce = 4;

/**
 * Makes clones that lease under their own names from their first DISCOVER: every name is looked for everywhere first, all
 * are reserved in one write at each DHCP server, and only then is anything made. One clone's failure never stops the others;
 * the same call finishes what an earlier run began. Throws where nothing could be decided, or not all could be reserved; then
 * nothing was made. A run that is over before its end tells what exists.
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
  const context: CloneContext = { order, sources, maker, signal, numbers: new Set(), tell };
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
  const rest = { servers: names.servers, results: await rollBackWhereAsked(context, results) };
  return { ...told, ...rest, ...(signal.aborted ? { error: failureIn(signal, signal.reason) } : {}) };
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
  if (signal.aborted)
    return results.map((each) => noted(each, 'the run was over before it could be taken away'));
  const journalled = (await sources.runs()).find(({ run }) => run === order.run);
  if (journalled === undefined) return results;
  const continued = new Set(results.filter((each) => each.continued).map(({ name }) => name));
  const done = await rollBack(context, journalled, continued).catch((thrown: unknown) => {
    const error = failureIn(signal, thrown);
    return order.names.map((name): RolledBack => ({ name, error }));
  });
  const failures = new Map(done.flatMap(({ name, error }) => (error === undefined ? [] : [[name, error]])));
  return results.map((result) => {
    if (result.continued) return noted(result, 'an earlier run made it, and it was left as it is');
    const error = failures.get(result.name);
    if (error === undefined) return rolledBack(result, journalled);
    const why = `it could not be taken away: ${error.message}`;
    return { ...result, outcome: 'failed' as const, why, error };
  });
}

function noted(result: CloneResult, note: string): CloneResult {
  return { ...result, notes: [...result.notes, note] };
}

/** Its MAC addresses are reserved no more, but for what was reserved before the run. */
function rolledBack(result: CloneResult, { writes }: JournalledRun): CloneResult {
  const takenBack = new Set(
    writes.flatMap(({ write }) => (write.kind === 'reservation' && write.was === null ? [write.mac] : [])),
  );
  const nics = result.nics.map((each) => ({ ...each, reserved: each.reserved && !takenBack.has(each.mac) }));
  return { ...result, nics, outcome: 'rolled-back' };
}
