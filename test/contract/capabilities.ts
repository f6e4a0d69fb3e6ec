import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, type RunnerTask } from 'vitest';
import { capabilityGaps, readCapabilities } from '../../scripts/documents/capabilities.ts';

/**
 * To be called first in a contract suite: once it has run, what it ran of this port on this product must be what
 * `capabilities.json` says, from which the page for users is made. So nothing is skipped in silence, and nothing is claimed that
 * was not tried. Part of a suite alone (`-t`) is a gap as well.
 */
export function keepsCapabilities(port: string, product: string): void {
  const ran: string[] = [];
  afterEach(({ task }) => {
    if (task.mode === 'skip' || task.result?.state === 'skip') return;
    const path = pathOf(task);
    const suite = path.findLastIndex((each) => each.endsWith(`: ${product}`));
    ran.push(path.slice(suite + 1).join(': '));
  });
  afterAll(() => {
    const table = readCapabilities(readFileSync(join(import.meta.dirname, 'capabilities.json'), 'utf8'));
    const gaps = capabilityGaps(table, { port, product, ran });
    if (gaps.length > 0) throw new Error(`test/contract/capabilities.json: ${gaps.join('; ')}`);
  });
}

/** The names of the suite, of the groups in it, and of the test. */
function pathOf(task: Readonly<RunnerTask>): string[] {
  return [...(task.suite === undefined ? [] : pathOf(task.suite)), task.name];
}
