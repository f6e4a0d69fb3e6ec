import type { UndoneWrite } from '../../apply/undo.ts';
import type { TruenameError } from '../../domain/error.ts';
import type { DropIn, JournalledRun, JournalledWrite, ReservedAs } from '../../domain/journal.ts';
import type { UndoReport } from '../undo-report.ts';
import { renderError } from './error.ts';
import { headingIn, hintLines } from './guest-lines.ts';
import { plainLine } from './plain-text.ts';

const words: Readonly<Record<UndoneWrite['result'], string>> = {
  restored: '✓ put back',
  gone: '· is not there any more',
  changed: '! something else stands there by now, and was left',
  fades: '! in no file: it ends when the interface is taken up anew',
  before: '· was put back before',
  'would-restore': '→ would be put back',
};

/** The report for people: each guest with its writes, the last first. */
export function renderUndo(report: UndoReport, error: TruenameError | undefined, colour: boolean): string[] {
  const bold = headingIn(colour);
  const guests = report.guests.flatMap(({ name, vmid, node, writes, error: failed }) => [
    bold(plainLine(`${name} (${vmid} on ${node}):`)),
    ...writes.map(({ write, result }) => `  ${words[result]}: ${describeWrite(write)}`),
    ...(failed === null ? [] : [`  ✗ ${failed.code}: ${plainLine(failed.message)}`]),
    ...hintLines(failed),
  ]);
  const restored = report.guests.some(({ writes }) => writes.some(({ result }) => result === 'restored'));
  return [
    ...guests,
    ...(restored
      ? ['No DHCP client was asked to renew: a lease keeps its name until its guest asks next.']
      : []),
    ...(error === undefined ? [] : renderError(error)),
  ];
}

/** The runs that wrote something, newest first, a line each. */
export function renderRuns(runs: readonly JournalledRun[]): string[] {
  if (runs.length === 0) return ['No run is remembered that wrote anything.'];
  return runs.map(({ run, startedAt, writes }) => {
    const guests = new Set(writes.map(({ guest }) => guest.alias)).size;
    const standing = writes.filter(({ undoneBy }) => undoneBy === undefined).length;
    const counted = `${guests} ${guests === 1 ? 'guest' : 'guests'}, ${writes.length} written, ${standing} not put back`;
    return plainLine(`${run}  ${startedAt}  ${counted}`);
  });
}

function describeWrite(write: JournalledWrite['write']): string {
  const [wrote, was] = valuesOf(write);
  return plainLine(`${placeOf(write)} ${wrote}, before ${was}`);
}

function valuesOf(write: JournalledWrite['write']): [wrote: string, was: string] {
  switch (write.kind) {
    case 'drop-in':
      return [inFile(write.wrote), write.was === null ? 'no file' : inFile(write.was)];
    case 'reservation':
      return [reserved(write.wrote), reserved(write.was)];
    case 'guest':
      return [`made of ${write.source}`, 'none'];
    default:
      return [shown(write.wrote), shown(write.was)];
  }
}

function placeOf(write: JournalledWrite['write']): string {
  switch (write.kind) {
    case 'static-name':
      return 'static host name';
    case 'transient-name':
      return 'running host name';
    case 'profile-name':
      return `ipv4.dhcp-hostname of ${write.connection}`;
    case 'profile-sends-name':
      return `ipv4.dhcp-send-hostname of ${write.connection}`;
    case 'drop-in':
      return write.path;
    case 'conf-name':
      return `hostname in ${write.file}`;
    case 'reservation':
      return `reservation of ${write.mac} at ${write.server}`;
    case 'guest':
      return 'the VM';
  }
}

function shown(value: string | boolean): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value === '' ? 'nothing' : `"${value}"`;
}

function reserved(as: ReservedAs | null): string {
  return as === null ? 'none' : [`"${as.name}"`, as.address ?? []].flat().join(', ');
}

function inFile(value: DropIn): string {
  if (typeof value === 'object') return `"${value.name}"`;
  return value === 'send-none' ? 'to send no name' : 'without a setting';
}
