import type { StandingGuest } from '../../domain/guest-maker.ts';
import { ownMetaOf } from '../own-meta.ts';
import type { PlannedClone } from './plan.ts';
import { type ReservedNames, reservationKey } from './reserve-names.ts';

/** What is known of where a clone has its name from. */
export interface NameSource {
  readonly clone: PlannedClone;
  readonly names: ReservedNames;
  /** As soon as it is there. */
  made?: StandingGuest;
  /** Why Truename gives it no meta-data. */
  withoutMeta?: string;
  /** In a dry run: the volume of the meta-data that it would be given. */
  metaToBe?: string;
}

/** True where a DHCP server gives the clone its name, or would; false where what the guest says must be right. */
export function namedByServer({ clone, names }: NameSource): boolean {
  return clone.nics.every((nic) => {
    const result = names.results.get(reservationKey(clone, nic));
    return result !== undefined && result.error?.code !== 'unsupported';
  });
}

/** What makes the name of a clone right that no server names; nothing for others. */
export function notesOfSeed(known: NameSource): string[] {
  if (namedByServer(known)) return [];
  const { clone, made = clone.existing, withoutMeta, metaToBe } = known;
  const meta = made === undefined ? undefined : ownMetaOf(made);
  const told = 'what makes its name right is its own cloud-init, which is told it before the network is up';
  if (meta !== undefined)
    return [`${told}: by meta-data ${meta} (cicustom meta=); it starts only on nodes that have this file`];
  if (metaToBe !== undefined)
    return [`${told}: by meta-data that would be written to ${metaToBe} (cicustom meta=)`];
  const why = withoutMeta ?? 'an earlier run set it up without meta-data';
  return [
    `what makes its name right is the guest itself alone: ${why}. The ways are in docs/guides/in-the-guest.md`,
  ];
}
