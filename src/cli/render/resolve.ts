import type { TruenameError } from '../../domain/error.ts';
import type { ReportedAnswer, ReportedResolution, ResolveReport } from '../resolve-report.ts';
import { renderError } from './error.ts';
import { headingIn, hintLines } from './guest-lines.ts';
import { plainLine } from './plain-text.ts';

/** The report for people: each guest's lease, what each resolver answers, and where the name is lost. */
export function renderResolve(
  report: ResolveReport,
  error: TruenameError | undefined,
  colour: boolean,
): string[] {
  const bold = headingIn(colour);
  return [
    ...report.guests.flatMap((guest) => guestLines(guest, bold)),
    ...(error === undefined ? [] : renderError(error)),
  ];
}

function guestLines(guest: ReportedResolution, bold: (text: string) => string): string[] {
  const { name, vmid, node, fqdn, lease, resolvers, losses, error } = guest;
  return [
    bold(plainLine(`${fqdn ?? (name || '(no name)')} (${vmid} on ${node}):`)),
    ...(error === null ? [plainLine(`  lease: ${leaseText(lease)}`)] : [plainLine(`  ? ${error.message}`)]),
    ...hintLines(error),
    ...resolvers.flatMap(({ id, a, aaaa, ptr }) => [
      plainLine(`  ${id}: A ${answerText(a)}`),
      plainLine(`  ${id}: AAAA ${answerText(aaaa)}`),
      plainLine(`  ${id}: PTR ${answerText(ptr)}`),
    ]),
    ...losses.flatMap(({ kind, resolver, because, hint, matters }) => [
      plainLine(`  ${matters ? '✗' : '·'} ${kind}${resolver === null ? '' : ` at ${resolver}`}: ${because}`),
      plainLine(`    ${hint}`),
    ]),
    ...(error === null && losses.length === 0
      ? ['  ✓ lease and resolvers agree, as far as they could be asked']
      : []),
  ];
}

function leaseText(lease: ReportedResolution['lease']): string {
  if (lease === null) return 'none';
  return `${lease.address} as ${lease.name ?? '*'}, until ${lease.expiresAt ?? 'for ever'}`;
}

function answerText({ status, records, why }: ReportedAnswer): string {
  switch (status) {
    case 'answered':
      return records
        .map(({ value, ttlSeconds }) => (ttlSeconds === null ? value : `${value} (for ${ttlSeconds} s)`))
        .join(', ');
    case 'none':
      return 'none (how long that is remembered is not told)';
    case 'not-served':
      return `not served here: ${why ?? ''}`;
    case 'not-observable':
      return `could not be asked: ${why ?? ''}`;
  }
}
