import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from './run-tool.ts';
import { root } from './set-up/project.mjs';

/** The configuration that holds the import rules. */
export const importRules = join(root, '.dependency-cruiser.cjs');

/** The part of dependency-cruiser's JSON report that is read here. */
export interface Cruise {
  readonly modules: readonly {
    readonly source: string;
    readonly dependencies: readonly { readonly resolved: string }[];
  }[];
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

/** Reads all imports of a tree of rooms; broken rules are part of the report. Throws where there is no report. */
export async function cruise(directory: string = root): Promise<Cruise> {
  const folders = ['src', 'facades', 'lab', 'demo', 'sim'].filter((folder) =>
    existsSync(join(directory, folder)),
  );
  const options = ['--config', importRules, '--output-type', 'json'];
  const { stdout, output } = await runTool(['depcruise', ...options, ...folders], directory);
  try {
    return JSON.parse(stdout) as Cruise;
  } catch (error) {
    throw new Error(`dependency-cruiser made no report of ${directory}:\n${output}`, { cause: error });
  }
}
