import { join } from 'node:path';
import type { Controller, ControllerOptions, ControllerResult } from '../lab/controller.ts';
import { checkout } from '../lab/paths.ts';
import type { RebuildReport } from '../src/cli/report.ts';

/**
 * The command line, for whoever starts it in another way: straight from the sources, or from the package in the folder that
 * TRUENAME_PACKAGE names, which starts in a third of the time.
 */
export const truenameProgram =
  process.env.TRUENAME_PACKAGE === undefined
    ? [process.execPath, '--no-warnings', join(checkout, 'src/cli/main.ts')]
    : [process.execPath, join(process.env.TRUENAME_PACKAGE, 'dist/cli/main.js')];

/** The command line as a person at the controller types it. */
export function truename(
  controller: Controller,
  args: readonly string[],
  options: ControllerOptions = {},
): Promise<ControllerResult> {
  return controller.run([...truenameProgram, ...args], options);
}

/** The same with `--json`: the exit code and the document, whose type the command decides. */
export async function truenameReport<Report = RebuildReport>(
  controller: Controller,
  args: readonly string[],
  options: ControllerOptions = {},
): Promise<{ exitCode: number; report: Report; stderr: string }> {
  const { exitCode, stdout, stderr } = await truename(controller, [...args, '--json'], options);
  if (stdout === '') throw new Error(`truename ended with ${exitCode} and printed no report:\n${stderr}`);
  return { exitCode, stderr, report: JSON.parse(stdout) as Report };
}
