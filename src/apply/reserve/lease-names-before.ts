import type { JournalledRun } from '../../domain/journal.ts';

/**
 * The names that leases bore by their guests' own word before Truename reserved others for them, by `SERVER MAC`; the last
 * one of each. A name that Truename had reserved before is no word of the guest's: a lease keeps it for a while.
 */
export function leaseNamesBefore(newestFirst: readonly JournalledRun[]): ReadonlyMap<string, string> {
  const said = new Map<string, string>();
  const given = new Set<string>();
  for (const { writes } of newestFirst.toReversed()) {
    for (const { write } of writes) {
      if (write.kind !== 'reservation') continue;
      const key = `${write.server} ${write.mac}`;
      const { leaseName, wrote } = write;
      if (leaseName !== null && !given.has(`${key} ${leaseName.toLowerCase()}`)) said.set(key, leaseName);
      if (wrote !== null) given.add(`${key} ${wrote.name.toLowerCase()}`);
    }
  }
  return said;
}
