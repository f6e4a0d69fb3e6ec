/**
 * How many guests may be worked on at once: one, until it was proven well, then 2, 4, 8 … up to the bound, as
 * many as were proven allow. A guest that was not proven lets nothing grow.
 */
export function allowedAtOnce(proven: number, bound: number): number {
  // 1 + 2 + 4 … = one less than the next power of two.
  return Math.max(1, Math.min(bound, 2 ** Math.floor(Math.log2(proven + 1))));
}
