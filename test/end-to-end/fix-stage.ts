import { truename } from '../../demo/truename.ts';
import type { FixedGuest, FixReport } from '../../src/cli/fix-report.ts';
import type { Stage } from './stage.ts';

/** How a run of `truename fix` ended. */
export interface Fixed {
  readonly exitCode: number;
  readonly report: FixReport;
  readonly stderr: string;
}

/** `truename fix … --json` in a folder. */
export async function runFix(
  { lab }: Pick<Stage, 'lab'>,
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Fixed> {
  const ran = await truename(lab.controller, ['fix', ...args, '--json'], { cwd: folder, env });
  if (ran.stdout === '') throw new Error(`fix ended with ${ran.exitCode}:\n${ran.stderr}`);
  return { ...ran, report: JSON.parse(ran.stdout) as FixReport };
}

/** What a report says of one guest; throws where it says nothing. */
export function fixedGuest(report: FixReport, vmid: number): FixedGuest {
  const found = report.guests.find((each) => each.vmid === vmid);
  if (found === undefined) throw new Error(`nothing is said of ${vmid}: ${JSON.stringify(report.error)}`);
  return found;
}
