import { type FixRun, type GuestResult, isFine } from '../apply/fix-result.ts';
import type { NameChain } from '../domain/chain.ts';
import type { TruenameError } from '../domain/error.ts';
import { type FixEnding, fixExitCodes } from '../domain/exit-code.ts';
import type { ProposedRemedy } from '../domain/finding.ts';
import { type FixOutcome, fixOutcomes } from '../domain/fix-event.ts';
import type { Outage } from '../domain/ports.ts';
import type { Proof } from '../domain/proof.ts';
import type { Remedy } from '../domain/remedy.ts';
import { evidenceChain } from '../observe/evidence-chain.ts';
import { isUsage, type ReportedError, reportedError } from './reported-error.ts';

/** The one document of `--json`; its keys are stable and described in docs/reference/fix-report.md. */
export interface FixReport {
  readonly schema: 'truename/fix/1';
  /** What `truename undo` takes; null where nothing can be remembered, or nothing was to be changed. */
  readonly run: string | null;
  readonly dryRun: boolean;
  readonly exitCode: number;
  /** Why no further guest was begun. */
  readonly stopped: string | null;
  /** Guests by outcome; those that nobody had are left out. */
  readonly counts: Readonly<Partial<Record<FixOutcome, number>>>;
  /** Worst first. */
  readonly guests: readonly FixedGuest[];
  readonly error: ReportedError | null;
}

/** What is said of one guest. */
export interface FixedGuest {
  readonly name: string;
  readonly node: string;
  readonly vmid: number;
  readonly kind: 'vm' | 'container';
  readonly segment: string | null;
  readonly fqdn: string | null;
  readonly outcome: FixOutcome;
  readonly reason: string | null;
  readonly why: string;
  readonly seconds: number;
  readonly planned: readonly Remedy[];
  readonly taken: readonly {
    readonly remedy: Remedy;
    readonly seconds: number;
    readonly lease: string | null;
  }[];
  readonly withheld: readonly Remedy[];
  readonly outage: Outage | null;
  readonly proof: Proof | null;
  readonly advice: readonly ProposedRemedy[];
  readonly before: NameChain | null;
  readonly after: NameChain | null;
  readonly error: ReportedError | null;
}

/** The report on a run, or on why there was none. */
export function fixReport(run: FixRun | undefined, error: TruenameError | undefined): FixReport {
  const results = [...(run?.results ?? [])].sort(worstFirst);
  const count = (outcome: FixOutcome) => results.filter((each) => each.outcome === outcome).length;
  const counted = fixOutcomes.flatMap((outcome) => (count(outcome) === 0 ? [] : [[outcome, count(outcome)]]));
  return {
    schema: 'truename/fix/1',
    run: run?.remembered === true ? run.run : null,
    dryRun: run?.dryRun ?? false,
    exitCode: fixExitCodes[fixEnding(run, error)].code,
    stopped: run?.stopped ?? null,
    counts: Object.fromEntries(counted) as FixReport['counts'],
    guests: results.map(guestReport),
    error: reportedError(error),
  };
}

/** How the command ends. */
export function fixEnding(run: FixRun | undefined, error: TruenameError | undefined): FixEnding {
  if (error !== undefined) return isUsage(error) ? 'usage' : 'failed';
  const outcomes = run?.results.map(({ outcome }) => outcome) ?? [];
  if (outcomes.some((each) => each === 'failed' || each === 'not-mended' || each === 'not-begun'))
    return 'failed';
  return run?.results.every(isFine) === true ? 'proven' : 'not-proven';
}

function worstFirst(left: GuestResult, right: GuestResult): number {
  return (
    fixOutcomes.indexOf(left.outcome) - fixOutcomes.indexOf(right.outcome) ||
    left.guest.ref.vmid - right.guest.ref.vmid
  );
}

function guestReport(result: GuestResult): FixedGuest {
  const { guest, evidence, after, outcome, why, planned, taken, withheld, advice } = result;
  return {
    name: guest.name ?? '',
    node: guest.ref.node,
    vmid: guest.ref.vmid,
    kind: guest.kind,
    segment: evidence?.segment?.name ?? null,
    fqdn: evidence?.fqdn ?? null,
    outcome,
    reason: result.reason ?? null,
    why,
    seconds: Math.round(result.seconds * 1000) / 1000,
    planned,
    taken,
    withheld,
    outage: result.outage ?? null,
    proof: result.proof ?? null,
    advice,
    before: evidence === undefined ? null : evidenceChain(evidence),
    after:
      evidence === undefined || after === undefined ? null : evidenceChain({ ...evidence, snapshot: after }),
    error: reportedError(result.error),
  };
}
