import type { ReadBack } from '../apply/reserve/result.ts';
import type { SentName } from '../domain/dhcp-client.ts';
import type { TruenameError } from '../domain/error.ts';
import { cloneExitCodes, type FixEnding } from '../domain/exit-code.ts';
import type { Proof } from '../domain/proof.ts';
import type { Reach } from '../domain/remedy.ts';
import type { CloneNic, CloneOutcome, CloneResult, CloneRun } from '../provision/clone/result.ts';
import type { RebuiltClone } from './clone-rebuild.ts';
import { isUsage, type ReportedError, reportedError } from './reported-error.ts';

/** The one document of `--json`; its keys are stable and described in docs/reference/clone-report.md. */
export interface CloneReport {
  readonly schema: 'truename/clone/1';
  /** The run, as the mark in each VM and the journal have it; null where nothing could be begun. */
  readonly run: string | null;
  readonly dryRun: boolean;
  readonly exitCode: number;
  readonly source: { readonly name: string; readonly node: string; readonly vmid: number } | null;
  readonly servers: readonly {
    readonly id: string;
    readonly place: string;
    readonly reach: Reach | null;
    readonly writes: number;
  }[];
  readonly clones: readonly ReportedClone[];
  readonly error: ReportedError | null;
}

/** A run, and what came of the rebuilds that followed in it. */
export interface RebuiltRun extends CloneRun {
  /** By name of the clone. */
  readonly rebuilt?: ReadonlyMap<string, RebuiltClone>;
}

/** One clone. */
export interface ReportedClone {
  readonly name: string;
  readonly node: string | null;
  readonly vmid: number | null;
  readonly fqdn: string | null;
  readonly nics: readonly CloneNic[];
  readonly outcome: CloneOutcome;
  readonly why: string;
  readonly notes: readonly string[];
  readonly continued: boolean;
  readonly address: string | null;
  readonly reservation: readonly {
    readonly link: ReadBack['link'];
    readonly of: string | null;
    readonly state: ReadBack['state'];
    readonly because: string;
    readonly at: string;
  }[];
  readonly proof: Proof | null;
  readonly sends: { readonly now: SentName; readonly nextBoot: SentName } | null;
  /** With `--nix`; null where it was not rebuilt. */
  readonly rebuild: {
    readonly outcome: RebuiltClone['outcome'];
    readonly error: ReportedError | null;
  } | null;
  readonly error: ReportedError | null;
}

/** What was made, or why nothing was; `begun` is the run that may have journalled something before it threw. */
export function cloneReport(
  run: RebuiltRun | undefined,
  error: TruenameError | undefined,
  begun?: string,
): CloneReport {
  const { source } = run ?? {};
  return {
    schema: 'truename/clone/1',
    run: run?.run ?? begun ?? null,
    dryRun: run?.dryRun ?? false,
    exitCode: cloneExitCodes[endingOf(run, error)].code,
    source: source === undefined ? null : { name: source.name, node: source.ref.node, vmid: source.ref.vmid },
    servers: run?.servers.map(({ id, place, reach, writes }) => ({ id, place, reach, writes })) ?? [],
    clones: run?.results.map((each) => reportedClone(each, run.rebuilt?.get(each.name))) ?? [],
    error: reportedError(error),
  };
}

function endingOf(run: RebuiltRun | undefined, error: TruenameError | undefined): FixEnding {
  if (error !== undefined) return isUsage(error) ? 'usage' : 'failed';
  const outcomes = run?.results.map(({ outcome }) => outcome) ?? [];
  if (outcomes.some((each) => each === 'failed' || each === 'refused' || each === 'rolled-back'))
    return 'failed';
  const rebuilt = [...(run?.rebuilt?.values() ?? [])].map(({ outcome }) => outcome);
  if (rebuilt.includes('failed')) return 'failed';
  // What is proven of a system that was rebuilt counts above what it was as a clone.
  const open = run?.rebuilt === undefined ? outcomes : rebuilt;
  return open.includes('not-proven') ? 'not-proven' : 'proven';
}

function reportedClone(result: CloneResult, rebuilt: RebuiltClone | undefined): ReportedClone {
  const { name, ref, fqdn, nics, outcome, why, notes, continued, address, proof, sends, error } = result;
  return {
    name,
    node: ref?.node ?? null,
    vmid: ref?.vmid ?? null,
    fqdn: fqdn ?? null,
    nics,
    outcome,
    why,
    notes,
    continued,
    address: address ?? null,
    reservation: result.reservation.map(({ of, ...each }) => ({ ...each, of: of ?? null })),
    proof: proof ?? null,
    sends: sends ?? null,
    rebuild: rebuilt === undefined ? null : { outcome: rebuilt.outcome, error: reportedError(rebuilt.error) },
    error: reportedError(error),
  };
}
