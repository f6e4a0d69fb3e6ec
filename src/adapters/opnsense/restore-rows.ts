import type { ReservationChange } from '../../domain/reservation.ts';
import type { ConfiguredRow, RowTable } from './table.ts';

/** True for a row of Truename's that a change is about. */
export function touchedBy(change: ReservationChange, { marked, macs }: ConfiguredRow): boolean {
  return marked && change.some(({ mac }) => macs.includes(mac));
}

/**
 * Puts Truename's rows of a change back as they were, whatever of it was done, and those of others not at all. False where
 * they are not as they were afterwards, or nobody could see it.
 */
export async function restoreRows(
  table: RowTable,
  before: readonly ConfiguredRow[],
  change: ReservationChange,
  signal: AbortSignal,
): Promise<boolean> {
  const mine = before.filter((row) => touchedBy(change, row));
  try {
    const now = (await table.rows(signal)).filter((row) => touchedBy(change, row));
    for (const row of now.filter(({ uuid }) => !mine.some((each) => each.uuid === uuid)))
      await table.remove(row.uuid, signal);
    for (const row of mine.filter((each) => !now.some((one) => same(one, each))))
      await table.set(row.uuid, row.fields, signal);
    const after = (await table.rows(signal)).filter((row) => touchedBy(change, row));
    return after.length === mine.length && mine.every((row) => after.some((one) => same(one, row)));
  } catch {
    return false;
  }
}

function same(left: ConfiguredRow, right: ConfiguredRow): boolean {
  return left.uuid === right.uuid && JSON.stringify(left.fields) === JSON.stringify(right.fields);
}
