import type { TruenameError } from '../domain/error.ts';
import { lintTemplateExitCodes } from '../domain/exit-code.ts';
import type { TemplateLook } from '../observe/look-at-template.ts';
import type { TemplateFault } from '../plan/template-faults.ts';
import { renderError } from './render/error.ts';
import { plainLine } from './render/plain-text.ts';
import { isUsage, type ReportedError, reportedError } from './reported-error.ts';

/** The one document of `--json`; its keys are stable and described in docs/reference/lint-template-report.md. */
export interface LintTemplateReport {
  readonly schema: 'truename/lint-template/1';
  readonly exitCode: number;
  readonly name: string | null;
  readonly vmid: number | null;
  readonly faults: readonly TemplateFault[];
  /** By which way its disk was looked at; null where it was not. */
  readonly inside: string | null;
  /** Why its disk was not looked at; null where it was. */
  readonly notInside: string | null;
  readonly error: ReportedError | null;
}

/** What was found. */
export function lintTemplateReport(
  look: (TemplateLook & { readonly name: string; readonly vmid: number }) | undefined,
  error: TruenameError | undefined,
): LintTemplateReport {
  const { inside } = look ?? {};
  return {
    schema: 'truename/lint-template/1',
    exitCode: lintTemplateExitCodes[endingOf(look, error)].code,
    name: look?.name ?? null,
    vmid: look?.vmid ?? null,
    faults: look?.faults ?? [],
    inside: inside?.seen === 'value' ? inside.value : null,
    notInside: inside?.seen === 'not-observable' ? inside.why : null,
    error: reportedError(error),
  };
}

function endingOf(
  look: TemplateLook | undefined,
  error: TruenameError | undefined,
): keyof typeof lintTemplateExitCodes {
  if (error !== undefined) return isUsage(error) ? 'usage' : 'could-not-look';
  if (look !== undefined && look.faults.length > 0) return 'faults';
  return look?.inside.seen === 'value' ? 'clean' : 'could-not-look';
}

/** The same for people. */
export function renderLintTemplate(report: LintTemplateReport, error: TruenameError | undefined): string[] {
  if (error !== undefined) return renderError(error);
  return [
    ...report.faults.flatMap(({ id, why, cure }) => [plainLine(`✗ ${id}: ${why}`), plainLine(`    ${cure}`)]),
    ...(report.notInside === null ? [] : [plainLine(`! its disk was not looked at: ${report.notInside}`)]),
    ...(report.faults.length === 0 && report.inside !== null
      ? [plainLine(`✓ ${report.name} (${report.vmid}): nothing that clones would share`)]
      : []),
  ];
}
