import type { NameChain } from '../domain/chain.ts';
import type { RunEvent } from '../domain/event.ts';
import { type Ending, exitCodes } from '../domain/exit-code.ts';
import type { Fqdn } from '../domain/name.ts';
import type { Proof } from '../domain/proof.ts';
import type { Remedy } from '../domain/remedy.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { chainOf } from '../observe/chain.ts';
import type { RebuildRequest } from '../provision/rebuild/context.ts';
import type { RebuildResult } from '../provision/rebuild/result.ts';
import { type ReportedError, reportedError } from './reported-error.ts';

/** The one document of `--json`; its keys are stable and described in docs/reference/report.md. */
export interface RebuildReport {
  readonly schema: 'truename/rebuild/1';
  readonly name: string;
  readonly vmid: number;
  readonly node: string;
  readonly configuration: string;
  readonly flake: string | null;
  readonly outcome: RebuildResult['outcome'];
  readonly exitCode: number;
  readonly segment: string | null;
  readonly fqdn: string | null;
  readonly address: string | null;
  readonly steps: readonly ReportedStep[];
  readonly notes: readonly { readonly step: string; readonly text: string }[];
  readonly remedies: readonly Remedy[];
  readonly before: NameChain | null;
  readonly after: NameChain | null;
  readonly proof: Proof | null;
  /** Path of the build's whole output on this machine. */
  readonly log: string | null;
  readonly error: ReportedError | null;
}

/** One step that ended; `result` is the error's code where it failed. */
export interface ReportedStep {
  readonly step: string;
  readonly seconds: number;
  readonly result: string;
  readonly failed: boolean;
}

/** The report of a run from its result and events. */
export function reportOf(
  request: RebuildRequest,
  result: RebuildResult,
  events: readonly RunEvent[],
  log?: string,
): RebuildReport {
  const chain = (snapshot: Snapshot | undefined) =>
    snapshot === undefined || result.fqdn === undefined
      ? null
      : chainOf(snapshot, request.name, result.fqdn as Fqdn);
  const { error } = result;
  return {
    schema: 'truename/rebuild/1',
    name: request.name,
    vmid: request.vmid,
    node: request.node,
    configuration: request.configuration,
    flake: request.flake ?? null,
    outcome: result.outcome,
    exitCode: exitCodes[endingOf(result)].code,
    segment: result.segment ?? null,
    fqdn: result.fqdn ?? null,
    address: result.address ?? null,
    steps: events.flatMap(stepOf),
    notes: events.flatMap((event) => (event.type === 'note' ? [{ step: event.step, text: event.text }] : [])),
    remedies: result.remedies,
    before: chain(result.before),
    after: chain(result.after),
    proof: result.proof ?? null,
    log: log ?? null,
    error: reportedError(error),
  };
}

function stepOf(event: RunEvent): ReportedStep[] {
  if (event.type !== 'step-ended' && event.type !== 'step-failed') return [];
  const { step, seconds } = event;
  return event.type === 'step-failed'
    ? [{ step, seconds, result: event.code, failed: true }]
    : [{ step, seconds, result: event.result, failed: !event.passed }];
}

/** How the command ends after this result. */
export function endingOf(result: RebuildResult): Ending {
  if (result.error?.code === 'usage' || result.error?.code === 'configuration-invalid') return 'usage';
  return result.outcome === 'planned' ? 'proven' : result.outcome;
}
