import { z } from 'zod';
import type { ReservationChange } from '../../domain/reservation.ts';
import { isMarked, keaReservation } from './reservations.ts';
import { reservationSchema } from './schema.ts';

const rows = z.array(z.unknown());
const subnets = z.array(z.record(z.string(), z.unknown()));
const root = z.looseObject({ Dhcp4: z.record(z.string(), z.unknown()) });

/**
 * A running configuration with this change made: Truename's reservations of these MAC addresses removed, and new ones at the end
 * of the subnet that is given for each. Everything else is the very same values. `hash`, which Kea adds, is left out.
 */
export function changeConfiguration(
  running: unknown,
  change: ReservationChange,
  subnetFor: (mac: string) => number | undefined,
): Record<string, unknown> {
  const { hash: _, ...rest } = root.parse(running);
  const inSubnet = (subnet: Record<string, unknown>) => {
    const kept = rows.parse(subnet.reservations ?? []).filter((row) => !isTaken(row, change));
    const added = change.flatMap(({ mac, becomes }) =>
      becomes !== null && subnetFor(mac) === subnet.id ? [keaReservation(becomes)] : [],
    );
    return { ...subnet, reservations: [...kept, ...added] };
  };
  const all = (value: unknown) => subnets.parse(value ?? []).map(inSubnet);
  const networks = subnets.parse(rest.Dhcp4['shared-networks'] ?? []);
  return {
    ...rest,
    Dhcp4: {
      ...rest.Dhcp4,
      subnet4: all(rest.Dhcp4.subnet4),
      'shared-networks': networks.map((each) => ({ ...each, subnet4: all(each.subnet4) })),
    },
  };
}

function isTaken(row: unknown, change: ReservationChange): boolean {
  const parsed = reservationSchema.safeParse(row);
  if (!parsed.success || !isMarked(parsed.data)) return false;
  return change.some(({ mac }) => mac === parsed.data['hw-address']?.toLowerCase());
}
