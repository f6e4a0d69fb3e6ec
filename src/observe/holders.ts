import pLimit from 'p-limit';
import type { Evidence, NameHolder } from '../domain/evidence.ts';
import type { GuestSummary } from '../domain/guest.ts';
import type { Mac } from '../domain/mac.ts';
import { firstLabel, sameName } from '../domain/name.ts';
import { seenValue } from '../domain/observation.ts';
import type { Hypervisor } from '../domain/ports.ts';
import type { Look } from './server-tables.ts';

/** Configurations read at once: no list of guests holds their MAC addresses. */
const configurationsAtOnce = 8;

/**
 * The MAC addresses other than the machine's own for which its name is reserved at its server, and those whose living leases
 * bear it while its own lease bears none.
 */
function holdingMacs({ wanted, nic, neighbours, snapshot }: Evidence): Mac[] {
  const lease = seenValue(snapshot.lease)?.lease;
  if (lease === undefined) return [];
  const own = [nic, ...neighbours.nics.map((each) => each.nic)].map((each) => each?.mac);
  const leases = (lease.name ?? '') === '' ? (seenValue(neighbours.leases) ?? []) : [];
  const { reservations } = neighbours;
  const reserved = reservations === undefined ? [] : (seenValue(reservations) ?? []);
  const macs = [...leases, ...reserved].flatMap(({ mac, name }) =>
    mac !== undefined && !own.includes(mac) && sameName(firstLabel(name), wanted) ? [mac] : [],
  );
  return [...new Set(macs)];
}

/** Which guests they are; undefined where nobody holds the name. Namesakes and templates are looked at first. */
export async function holdersOf(
  hypervisor: Hypervisor,
  evidence: Evidence,
  inventory: readonly GuestSummary[],
  look: Look,
): Promise<Evidence['neighbours']['holders']> {
  const macs = holdingMacs(evidence);
  if (macs.length === 0) return undefined;
  const others = inventory.filter(({ ref }) => ref.vmid !== evidence.guest.ref.vmid);
  const isLikely = ({ name, template }: GuestSummary) =>
    template || sameName(firstLabel(name), evidence.wanted);
  return look<readonly NameHolder[]>(`configurations of ${hypervisor.id}`, async (signal) => {
    const likely = await among(hypervisor, others.filter(isLikely), macs, signal);
    const found = macs.every((mac) => likely.some((each) => each.mac === mac));
    if (found) return likely;
    const rest = others.filter((each) => !isLikely(each));
    return [...likely, ...(await among(hypervisor, rest, macs, signal))];
  });
}

async function among(
  hypervisor: Hypervisor,
  guests: readonly GuestSummary[],
  macs: readonly Mac[],
  signal: AbortSignal,
): Promise<NameHolder[]> {
  const limit = pLimit(configurationsAtOnce);
  const found = await Promise.all(
    guests.map((guest) =>
      limit(async () => {
        const { nics, name } = await hypervisor.configuration(guest, signal);
        const { ref, template } = guest;
        return nics
          .filter(({ mac }) => macs.includes(mac))
          .map(({ mac }): NameHolder => ({ mac, ref, name, template }));
      }),
    ),
  );
  return found.flat();
}
