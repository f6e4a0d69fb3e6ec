/** The candidate that was probably meant: at most two edits away, or one for short words. */
export function nearest(text: string, candidates: readonly string[]): string | undefined {
  const bound = text.length <= 4 ? 1 : 2;
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(text.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= bound && distance < candidate.length)
    .sort((left, right) => left.distance - right.distance);
  return ranked[0]?.candidate;
}

/** ` Did you mean "x"?` with a leading blank, or nothing. */
export function didYouMean(text: string, candidates: readonly string[]): string {
  const candidate = text.length > 64 ? undefined : nearest(text, candidates);
  return candidate === undefined ? '' : ` Did you mean “${candidate}”?`;
}

/** Insertions, removals, changes and swaps of neighbours (optimal string alignment). */
function editDistance(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const next = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      next[column] = Math.min(
        at(last, column) + 1,
        at(next, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
        swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [beforeLast, last] = [last, next];
  }
  return at(last, right.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
