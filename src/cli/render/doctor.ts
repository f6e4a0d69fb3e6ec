import { styleText } from 'node:util';
import type { TruenameError } from '../../domain/error.ts';
import type { OrderedFinding, Severity } from '../../domain/finding.ts';
import type { Observation } from '../../domain/observation.ts';
import type { WireCapture } from '../../domain/wire.ts';
import type { DoctorReport, MachineReport } from '../doctor-report.ts';
import { renderChain } from './chain.ts';
import { renderError } from './error.ts';
import { plainLine } from './plain-text.ts';

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

const marks: Readonly<Record<Severity, { readonly mark: string; readonly style: Style }>> = {
  fault: { mark: '✗', style: 'red' },
  risk: { mark: '!', style: 'yellow' },
  notice: { mark: 'i', style: 'dim' },
};

/** The report for people: for each machine its chain, then what is wrong with it, causes first. */
export function renderDoctor(
  report: DoctorReport,
  error: TruenameError | undefined,
  colour: boolean,
): string[] {
  const paint: Paint = (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
  const machines = report.machines.flatMap((machine, index) => [
    ...(index === 0 ? [] : ['']),
    ...renderMachine(machine, colour, paint),
  ]);
  return [...machines, ...(error === undefined ? [] : renderError(error))];
}

function renderMachine(machine: MachineReport, colour: boolean, paint: Paint): string[] {
  const { firstBroken } = machine;
  const chain = { wanted: machine.name, links: machine.links };
  return [
    paint('bold', heading(machine)),
    paint('dim', `  read ${machine.takenAt}, ${entered(machine)}`),
    '',
    ...renderChain(chain, {
      colour,
      sources: true,
      ...(firstBroken === null ? {} : { firstBroken }),
    }),
    ...wireLines(machine.wire),
    '',
    ...renderFindings(machine.findings, paint),
    ...ending(machine, paint),
  ];
}

function heading(machine: MachineReport): string {
  const what = machine.kind === 'vm' ? 'VM' : 'container';
  const place = machine.segment === null ? 'in no configured segment' : `in ${machine.segment}`;
  const address = machine.address === null ? 'no address' : machine.address;
  return plainLine(
    `${machine.name || '(no name)'}: ${what} ${machine.vmid} on ${machine.node}, ${place}, ${address}`,
  );
}

function entered({ entry }: MachineReport): string {
  const words = { agent: 'by the guest agent', ssh: 'by ssh', 'container-shell': 'by pct exec' };
  if (entry.way !== undefined) return `inside ${words[entry.way]}`;
  const tried = entry.tried.map((each) => `${each.way}: ${each.why}`).join('; ');
  return plainLine(tried === '' ? 'from outside only' : `from outside only (${tried})`);
}

function wireLines(wire: Observation<WireCapture> | null): string[] {
  if (wire === null) return [];
  if (wire.seen === 'not-observable') return ['', `  wire: could not look: ${plainLine(wire.why)}`];
  if (wire.seen === 'empty') return [];
  const { port, seconds, messages } = wire.value;
  const lines = messages.map((each) => {
    const name = each.hostName === undefined ? 'no option 12' : `option 12 ${JSON.stringify(each.hostName)}`;
    const full = each.fqdn === undefined ? '' : `, option 81 ${JSON.stringify(each.fqdn)}`;
    return `    ${each.at}  ${each.type.padEnd(8)}  ${name}${full}`;
  });
  const none = messages.length === 0 ? ': no DHCP packet of this guest' : ':';
  return ['', `  wire, ${seconds} s at ${plainLine(port)}${none}`, ...lines.map(plainLine)];
}

/** What would mend a cause also mends what follows from it, so that it is said once. */
function renderFindings(findings: readonly OrderedFinding[], paint: Paint): string[] {
  const said = new Set<string>();
  return findings.flatMap((finding) => {
    const remedies = finding.remedies.filter(({ how }) => !said.has(how));
    for (const { how } of remedies) said.add(how);
    return [...renderFinding({ ...finding, remedies }, paint), ''];
  });
}

function renderFinding(finding: OrderedFinding, paint: Paint): string[] {
  const { mark, style } = marks[finding.severity];
  const indent = finding.causedBy === undefined ? '  ' : '    ';
  const after = finding.causedBy === undefined ? '' : paint('dim', ` (follows from ${finding.causedBy})`);
  return [
    `${indent}${paint(style, `${mark} ${finding.rule}`)}${after}`,
    `${indent}  ${plainLine(finding.summary)}`,
    ...finding.evidence.map(
      ({ what, value, source }) =>
        `${indent}    ${plainLine(what)}: ${shortened(value)} ${paint('dim', `(${plainLine(source)})`)}`,
    ),
    ...finding.remedies.map(
      ({ kind, disruption, reach, how }) =>
        `${indent}  → ${kind} [${disruption}, ${reach}] ${plainLine(how)}`,
    ),
  ];
}

/** A value that fills lines hides the others; the JSON report has the whole of it. */
const longest = 160;

function shortened(value: string): string {
  const line = plainLine(value);
  return line.length <= longest ? line : `${line.slice(0, longest)}…`;
}

function ending(machine: MachineReport, paint: Paint): string[] {
  if (machine.outcome === 'healthy') return [paint('green', 'Every link bears the name, or needs none.')];
  if (machine.outcome === 'could-not-look') {
    return [`Nothing wrong was found, but nobody could look at: ${machine.unseen.join(', ')}.`];
  }
  const { firstBroken } = machine;
  const explained = machine.findings.find((each) => each.severity !== 'notice');
  const of = firstBroken?.of == null ? '' : ` (${firstBroken.of})`;
  const first = firstBroken === null ? [] : [`The first broken link is ${firstBroken.link}${plainLine(of)}.`];
  return [
    ...first,
    explained === undefined
      ? 'No rule knows why. `truename bundle` keeps the evidence in one file for somebody who might.'
      : `More: truename explain ${explained.rule}`,
  ];
}
