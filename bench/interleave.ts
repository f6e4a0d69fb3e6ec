import { spawnSync } from 'node:child_process';
import { median } from './statistics.ts';

/** One program whose time is taken. */
export interface Candidate {
  readonly name: string;
  /** Arguments of this Node. */
  readonly args: readonly string[];
}

/** The times of one candidate, in milliseconds. */
export interface Timing {
  readonly name: string;
  readonly medianMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  /** Its median in medians of the first candidate. */
  readonly ratio: number;
}

/**
 * Starts the candidates by turns, so that whatever else the machine does falls on all of them alike; one round before
 * is not counted, as it fills the caches. Throws when one of them fails: a start that ends early would look quick.
 */
export function interleave(candidates: readonly Candidate[], rounds: number): Timing[] {
  const times = new Map(candidates.map(({ name }): [string, number[]] => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const candidate of candidates) {
      const ms = timeOf(candidate);
      if (round > 0) times.get(candidate.name)?.push(ms);
    }
  }
  const base = median([...times.values()][0] ?? []);
  return [...times].map(([name, each]) => ({
    name,
    medianMs: median(each),
    minMs: Math.min(...each),
    maxMs: Math.max(...each),
    ratio: median(each) / base,
  }));
}

function timeOf({ name, args }: Candidate): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const ms = performance.now() - start;
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
  return ms;
}
