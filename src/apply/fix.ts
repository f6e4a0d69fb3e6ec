import pLimit from 'p-limit';
import type { EmitFix } from '../domain/fix-event.ts';
import type { GuestSummary } from '../domain/guest.ts';
import type { FixPolicy } from '../plan/decide.ts';
import { adoptGuestName } from './adopt.ts';
import { failureIn } from './end-of-run.ts';
import type { FixRun, GuestResult } from './fix-result.ts';
import { eachInTurn, type Turn } from './fleet.ts';
import type { MendSources } from './mend-sources.ts';
import { mustBeFew } from './must-be-few.ts';
import { planGuest } from './plan-guest.ts';
import type { Planned } from './planned.ts';
import { mendInTurn } from './turn.ts';
import { notBegun, notLookedAt, untouched } from './untouched.ts';

/** What a person asked for. */
export interface FixRequest {
  readonly run: string;
  readonly guests: readonly { readonly guest: GuestSummary; readonly named: boolean }[];
  /** All guests that are there, for templates and namesakes. */
  readonly inventory: readonly GuestSummary[];
  readonly policy: FixPolicy;
  /** Read everything, change nothing. */
  readonly dryRun: boolean;
  /** Guests worked on together, at the most. */
  readonly atOnce: number;
  /** Change as many as there are. */
  readonly yes: boolean;
}

/** When a run ends before its time. */
export interface FixSignals {
  /** No guest is begun any more; those in hand are finished. */
  readonly stop: AbortSignal;
  /** Ends everything. */
  readonly abort: AbortSignal;
}

/** Machines looked at together: more would only wait for one another's servers. */
const looksAtOnce = 8;

/** Looks at all guests, decides for each, and mends those that may be and need it. */
export async function fix(
  request: FixRequest,
  sources: MendSources,
  emit: EmitFix,
  signals: FixSignals,
): Promise<FixRun> {
  const { run, guests, dryRun, atOnce } = request;
  emit({ type: 'run-started', at: sources.now(), run, guests: guests.length });
  const looked = await lookAtAll(request, sources, emit, signals);
  const planned = looked.filter((each) => 'decision' in each);
  const toMend = planned.filter(isWork);
  if (!dryRun && !request.yes) mustBeFew(toMend.length, request.inventory);
  const settled = looked.filter((each) => !('decision' in each) || !isWork(each) || dryRun);
  const results = settled.map((each) => ('decision' in each ? untouched(each) : each));
  for (const result of results) tellEnd(result, sources, emit);
  const mended: GuestResult[] = [];
  const turns = await eachInTurn(
    dryRun ? [] : toMend,
    atOnce,
    async (each) => {
      const { result, ...turn } = await takeTurn(request, sources, each, emit, signals.abort);
      mended.push(result);
      tellEnd(result, sources, emit);
      return turn;
    },
    AbortSignal.any([signals.stop, signals.abort]),
  );
  const rest = turns.notBegun.map((each) => notBegun(each, turns.why ?? ''));
  for (const result of rest) tellEnd(result, sources, emit);
  const unbegun = [...rest, ...results].find(({ outcome }) => outcome === 'not-begun');
  if (unbegun !== undefined) emit({ type: 'run-stopped', at: sources.now(), why: unbegun.why });
  emit({ type: 'run-ended', at: sources.now(), run });
  const inOrder = (all: readonly GuestResult[]) =>
    guests.flatMap(({ guest }) => all.find((each) => each.guest.ref.vmid === guest.ref.vmid) ?? []);
  return {
    run,
    remembered: sources.state !== undefined && !dryRun,
    dryRun,
    results: inOrder([...results, ...mended, ...rest]),
    ...(unbegun === undefined ? {} : { stopped: unbegun.why }),
  };
}

function isWork({ decision }: Planned): boolean {
  return decision.action === 'mend' || decision.action === 'rename';
}

/** A guest whose own name was adopted may need no more than that. */
async function takeTurn(
  { inventory, policy }: FixRequest,
  sources: MendSources,
  planned: Planned,
  emit: EmitFix,
  signal: AbortSignal,
): Promise<Turn & { readonly result: GuestResult }> {
  try {
    const { named } = planned;
    const adopted = await adoptGuestName(sources, planned, { named, inventory, policy }, emit, signal);
    if (adopted.decision.action === 'mend')
      return await mendInTurn(sources, adopted, { policy, emit, signal });
    return { result: untouched(adopted), proven: false };
  } catch (error) {
    const known = failureIn(signal, error);
    const { evidence } = planned;
    const result = { ...notLookedAt(evidence.guest, 'failed', known.message), evidence, error: known };
    return { result, proven: false };
  }
}

async function lookAtAll(
  { guests, inventory, policy }: FixRequest,
  sources: MendSources,
  emit: EmitFix,
  { stop, abort }: FixSignals,
): Promise<(Planned | GuestResult)[]> {
  const limit = pLimit(looksAtOnce);
  return Promise.all(
    guests.map(({ guest, named }) =>
      limit(async () => {
        if (stop.aborted) return notLookedAt(guest, 'not-begun', 'the run was interrupted');
        try {
          return await planGuest(sources, { guest, named, inventory, policy }, emit, abort);
        } catch (error) {
          const known = failureIn(abort, error);
          return { ...notLookedAt(guest, 'failed', known.message), error: known };
        }
      }),
    ),
  );
}

function tellEnd(result: GuestResult, { now }: MendSources, emit: EmitFix): void {
  const { guest, outcome, seconds, why } = result;
  const named = { name: guest.name ?? String(guest.ref.vmid), ref: guest.ref };
  emit({ type: 'guest-ended', at: now(), guest: named, outcome, seconds, why });
}
