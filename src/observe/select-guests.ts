import { TruenameError } from '../domain/error.ts';
import type { GuestSummary } from '../domain/guest.ts';
import { type FindSources, findGuests } from './find-guests.ts';

/** Which guests a command for many is about. */
export interface Selection {
  /** Names, numbers, addresses, as `findGuests` takes them. */
  readonly words: readonly string[];
  readonly all: boolean;
  readonly tag?: string;
  readonly node?: string;
  readonly pool?: string;
}

/** A guest, and whether a person named it itself. */
export interface SelectedGuest {
  readonly guest: GuestSummary;
  readonly named: boolean;
}

/**
 * The guests of a selection, each once: those that were named, then those that all filters hold, by number.
 * Templates are in none, and naming one throws. Throws `not-found` where filters leave nobody.
 */
export async function selectGuests(
  sources: FindSources,
  selection: Selection,
  inventory: readonly GuestSummary[],
  signal: AbortSignal,
): Promise<SelectedGuest[]> {
  const named = await findGuests(sources, selection.words, inventory, signal);
  const template = named.find((each) => each.template);
  if (template !== undefined) {
    throw new TruenameError('vm-is-template', `${template.name ?? template.ref.vmid} is a template`, {
      hint: 'A template leases nothing. Name a clone of it.',
    });
  }
  const filtered = hasFilter(selection) ? inventory.filter((guest) => holds(guest, selection)) : [];
  if (named.length === 0 && filtered.length === 0) {
    throw new TruenameError('not-found', 'no guest is what was asked for', {
      where: sources.hypervisor.id,
      hint: 'Templates are left out. Look at the filters, and at what the user may see at the hypervisor.',
    });
  }
  const rest = filtered
    .filter((guest) => !named.some((each) => each.ref.vmid === guest.ref.vmid))
    .sort((left, right) => left.ref.vmid - right.ref.vmid);
  return [
    ...named.map((guest) => ({ guest, named: true })),
    ...rest.map((guest) => ({ guest, named: false })),
  ];
}

/** True when more is asked for than what is named. */
export function hasFilter({ all, tag, node, pool }: Omit<Selection, 'words'>): boolean {
  return all || tag !== undefined || node !== undefined || pool !== undefined;
}

function holds(guest: GuestSummary, { tag, node, pool }: Selection): boolean {
  return (
    !guest.template &&
    (tag === undefined || guest.tags.includes(tag.toLowerCase()) || guest.tags.includes(tag)) &&
    (node === undefined || guest.ref.node === node) &&
    (pool === undefined || guest.pool === pool)
  );
}
