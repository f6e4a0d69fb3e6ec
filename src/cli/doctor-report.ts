import { diagnose } from '../checks/diagnose.ts';
import type { LinkName, NameChain } from '../domain/chain.ts';
import type { TruenameError } from '../domain/error.ts';
import { type Addressing, addressingOf, type Entry, type Evidence } from '../domain/evidence.ts';
import { doctorExitCodes } from '../domain/exit-code.ts';
import type { Diagnosis, OrderedFinding } from '../domain/finding.ts';
import type { Observation } from '../domain/observation.ts';
import { seenValue } from '../domain/observation.ts';
import type { WireCapture } from '../domain/wire.ts';
import { evidenceChain } from '../observe/evidence-chain.ts';
import { doctorEnding } from './doctor-ending.ts';
import { type ReportedError, reportedError } from './reported-error.ts';

/** The one document of `--json`; its keys are stable and described in docs/reference/doctor-report.md. */
export interface DoctorReport {
  readonly schema: 'truename/doctor/1';
  readonly exitCode: number;
  readonly machines: readonly MachineReport[];
  readonly error: ReportedError | null;
}

/** What is said of one machine. */
export interface MachineReport {
  readonly name: string;
  readonly hypervisor: string;
  readonly node: string;
  readonly vmid: number;
  readonly kind: 'vm' | 'container';
  readonly segment: string | null;
  readonly fqdn: string | null;
  readonly address: string | null;
  readonly addressing: Addressing;
  readonly takenAt: string;
  readonly entry: Entry;
  readonly outcome: Diagnosis['outcome'];
  readonly firstBroken: { readonly link: LinkName; readonly of: string | null } | null;
  readonly unseen: readonly LinkName[];
  readonly links: NameChain['links'];
  readonly findings: readonly OrderedFinding[];
  readonly wire: Observation<WireCapture> | null;
}

/** The report on all machines, or on why there are none. Pure: the same evidence gives the same bytes. */
export function doctorReport(evidence: readonly Evidence[], error: TruenameError | undefined): DoctorReport {
  const machines = evidence.map(machineReport);
  const ending = doctorEnding(
    machines.map((each) => each.outcome),
    error,
  );
  return {
    schema: 'truename/doctor/1',
    exitCode: doctorExitCodes[ending].code,
    machines,
    error: reportedError(error),
  };
}

function machineReport(evidence: Evidence): MachineReport {
  const diagnosis = diagnose(evidence, evidenceChain(evidence));
  const { firstBroken } = diagnosis;
  const { ref, kind } = evidence.guest;
  return {
    name: evidence.wanted,
    hypervisor: ref.hypervisor,
    node: ref.node,
    vmid: ref.vmid,
    kind,
    segment: evidence.segment?.name ?? null,
    fqdn: evidence.fqdn ?? null,
    address: addressIn(evidence),
    addressing: addressingOf(evidence),
    takenAt: evidence.takenAt,
    entry: evidence.entry,
    outcome: diagnosis.outcome,
    firstBroken: firstBroken === undefined ? null : { link: firstBroken.link, of: firstBroken.of ?? null },
    unseen: diagnosis.unseen,
    links: diagnosis.chain.links,
    findings: diagnosis.findings,
    wire: evidence.wire ?? null,
  };
}

function addressIn({ snapshot, nic }: Evidence): string | null {
  const leased = seenValue(snapshot.lease)?.lease.address;
  if (leased !== undefined) return leased;
  if (typeof nic?.ipv4 === 'object') return nic.ipv4.fixed;
  return seenValue(snapshot.guest)?.interfaces.flatMap((each) => each.addresses)[0]?.address ?? null;
}
