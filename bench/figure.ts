/** One figure: ours, theirs, and ours in theirs (null where theirs is nothing, or there is none). */
export interface Figure {
  readonly bench: string;
  readonly ours: number;
  readonly theirs: number | null;
  readonly ratio: number | null;
  readonly unit: string;
  readonly runs: number;
}

/** A figure with numbers as they are printed. */
export function figure(
  bench: string,
  values: { readonly ours: number; readonly theirs: number | null },
  unit: string,
  runs: number,
): Figure {
  const rounded = (value: number) => Math.round(value * 100) / 100;
  const { ours, theirs } = values;
  const ratio = theirs === null || theirs === 0 ? null : Math.round((ours / theirs) * 1000) / 1000;
  return { bench, ours: rounded(ours), theirs: theirs === null ? null : rounded(theirs), ratio, unit, runs };
}
