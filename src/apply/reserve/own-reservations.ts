import type { OwnReservation } from '../../domain/reservation.ts';
import { viewServers } from './look.ts';
import type { ReserveSources } from './sources.ts';

/** All that Truename reserved, at every DHCP server of the configuration that takes reservations; throws where one cannot be read. */
export async function ownReservations(
  { segments, dhcpServer }: Pick<ReserveSources, 'segments' | 'dhcpServer'>,
  signal: AbortSignal,
): Promise<OwnReservation[]> {
  const ids = [...new Set(segments.map((each) => each.dhcpServer))].sort();
  const servers = ids.map(dhcpServer).filter(({ reserving }) => reserving !== undefined);
  const views = await viewServers(servers, signal);
  return views.flatMap(({ view }) => view.standing.own);
}
