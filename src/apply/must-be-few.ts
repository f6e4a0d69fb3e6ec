import { TruenameError } from '../domain/error.ts';
import type { GuestSummary } from '../domain/guest.ts';

/** More than ten guests, or a fifth of a fleet above twenty, are not changed unless somebody says so. */
export function mustBeFew(count: number, inventory: readonly GuestSummary[]): void {
  const fleet = inventory.filter((each) => !each.template).length;
  const few = fleet > 20 ? Math.min(10, Math.floor(fleet / 5)) : 10;
  if (count <= few) return;
  throw new TruenameError('too-many-guests', `${count} guests of ${fleet} would be changed`, {
    hint: `Look at them with --dry-run first; then add --yes. Up to ${few} need none.`,
  });
}
