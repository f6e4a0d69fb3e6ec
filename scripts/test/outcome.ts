/** How many tests ended how. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** How one group of `npm test` ended. */
export interface Outcome {
  readonly count: Count;
  /** What its tools printed; shown in full when it failed. */
  readonly output: string;
  /** What was left out, and why, a sentence each; empty when everything ran. */
  readonly leftOut: readonly string[];
}

/** The outcome of a group that counts as one test. */
export function single(passed: boolean, output: string): Outcome {
  return { count: { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 }, output, leftOut: [] };
}

/** The outcome of a group that was not run. */
export function leftOut(why: string): Outcome {
  return { count: { passed: 0, failed: 0, skipped: 1 }, output: '', leftOut: [why] };
}

/** Sums of the counts. */
export function total(counts: readonly Count[]): Count {
  return counts.reduce(
    (sum, count) => ({
      passed: sum.passed + count.passed,
      failed: sum.failed + count.failed,
      skipped: sum.skipped + count.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/** `3 passed, 0 failed, 1 skipped`: the closing line that continuous integration reads. */
export function formatCount(count: Count): string {
  return `${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`;
}

/** The exit code of the whole run: a skip is a failure where everything is required. */
export function exitCode(count: Count, requireAll: boolean): 0 | 1 {
  const bad = count.failed + (requireAll ? count.skipped : 0);
  return bad === 0 && count.passed > 0 ? 0 : 1;
}
