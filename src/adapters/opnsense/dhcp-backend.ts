import type { LeaseTable } from '../../domain/lease.ts';
import type { Liveness, StandingReservations } from '../../domain/ports.ts';
import type { OwnReservation, ReservationChange } from '../../domain/reservation.ts';
import type { Service } from './service.ts';
import type { Fields, RowTable } from './table.ts';
import type { Release } from './version.ts';

/** What one of the product's DHCP servers is asked and told. Everything it throws is a `SourceError`. */
export interface DhcpBackend {
  readonly service: Service;
  readonly table: RowTable;
  /** Where reservations stand, for people. */
  readonly place: string;
  /** True where its rows are host entries of its DNS too. */
  readonly answersDns: boolean;
  leases(signal: AbortSignal): Promise<LeaseTable>;
  alive(signal: AbortSignal): Promise<Liveness>;
  /** What it can do and what it cannot, beside what stands there. */
  abilities(
    release: Release | undefined,
    signal: AbortSignal,
  ): Promise<
    Pick<
      StandingReservations,
      'adoption' | 'needsAddress' | 'freeAddresses' | 'domains' | 'renamesLeases' | 'unfit'
    >
  >;
  /** How the reservations of a change are written as items; throws where one of them cannot be. */
  writing(change: ReservationChange, signal: AbortSignal): Promise<(own: OwnReservation) => Fields>;
}
