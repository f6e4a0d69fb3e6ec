import type { ReadBack } from '../apply/reserve/result.ts';
import type { SentName } from '../domain/dhcp-client.ts';
import type { TruenameError } from '../domain/error.ts';
import { cloneExitCodes, type FixEnding } from '../domain/exit-code.ts';
import type { Proof } from '../domain/proof.ts';
import type { Reach } from '../domain/remedy.ts';
import type { CloneNic, CloneOutcome, CloneResult, CloneRun } from '../provision/clone/result.ts';
import { isUsage, type ReportedError, reportedError } from './reported-error.ts';

/** The one document of `--json`; its keys are stable and described in docs/reference/clone-report.md. */
export interface CloneReport {
  readonly schema: 'truename/clone/1';
  /** The run, as the mark in each VM and the journal have it; null where nothing was begun. */
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
  readonly error: ReportedError | null;
}

/** What was made, or why nothing was. */
export function cloneReport(run: CloneRun | undefined, error: TruenameError | undefined): CloneReport {
  const { source } = run ?? {};
  return {
    schema: 'truename/clone/1',
    run: run?.run ?? null,
    dryRun: run?.dryRun ?? false,
    exitCode: cloneExitCodes[endingOf(run, error)].code,
    source: source === undefined ? null : { name: source.name, node: source.ref.node, vmid: source.ref.vmid },
    servers: run?.servers ?? [],
    clones: run?.results.map(reportedClone) ?? [],
    error: reportedError(error),
  };
}

function endingOf(run: CloneRun | undefined, error: TruenameError | undefined): FixEnding {
  if (error !== undefined) return isUsage(error) ? 'usage' : 'failed';
  const outcomes = run?.results.map(({ outcome }) => outcome) ?? [];
  if (outcomes.some((each) => each === 'failed' || each === 'refused' || each === 'rolled-back'))
    return 'failed';
  return outcomes.includes('not-proven') ? 'not-proven' : 'proven';
}

function reportedClone(result: CloneResult): ReportedClone {
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
    error: reportedError(error),
  };
}
