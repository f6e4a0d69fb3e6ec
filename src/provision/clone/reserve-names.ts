import type { LocatedGuest } from '../../apply/reserve/locate.ts';
import { reserveLocated } from '../../apply/reserve/reserve.ts';
import type { ReservationResult, ServerWrite } from '../../apply/reserve/result.ts';
import { TruenameError } from '../../domain/error.ts';
import type { GuestSummary } from '../../domain/guest.ts';
import { fqdn } from '../../domain/name.ts';
import { observed } from '../../domain/observation.ts';
import type { CloneContext } from './context.ts';
import type { PlannedClone, PlannedNic } from './plan.ts';
import type { CloneSource } from './source.ts';

/** What came of the reservations of all clones. */
export interface ReservedNames {
  readonly servers: readonly ServerWrite[];
  /** By {@link reservationKey}. */
  readonly results: ReadonlyMap<string, ReservationResult>;
}

/** Which reservation: of a clone's NIC. */
export function reservationKey({ ref }: Pick<PlannedClone, 'ref'>, { nic }: Pick<PlannedNic, 'nic'>): string {
  return `${ref.vmid} ${nic.slot}`;
}

/** Reserves every clone's name for its MAC addresses: one write at each DHCP server, before anything is made. */
export async function reserveNames(
  context: CloneContext,
  source: CloneSource,
  clones: readonly PlannedClone[],
  inventory: readonly GuestSummary[],
): Promise<ReservedNames> {
  const { order, sources, signal, tell } = context;
  if (order.reserve === 'never') return { servers: [], results: new Map() };
  const located = clones.flatMap((clone) => clone.nics.map((nic) => locatedOf(context, source, clone, nic)));
  const policy = { ...order.policy, takeName: order.replace, adopt: false };
  const say = (text: string) => tell({ step: 'reserve', type: 'note', text });
  const done = await reserveLocated(
    { located, inventory, policy, mayWrite: () => undefined },
    sources,
    say,
    signal,
  );
  const results = new Map(
    done.results.flatMap((each) =>
      each.ref === undefined || each.slot === undefined
        ? []
        : [[`${each.ref.vmid} ${each.slot}`, each] as const],
    ),
  );
  return { servers: done.servers, results };
}

/** The clone as it will be, for whoever reserves for guests that are there. */
function locatedOf(
  { sources }: CloneContext,
  { standing }: CloneSource,
  { name, ref, journalled, nics }: PlannedClone,
  { nic, segment }: PlannedNic,
): LocatedGuest {
  const where = { source: 'what is to be made', at: sources.now() };
  const guest: GuestSummary = { ref, kind: 'vm', name, power: 'stopped', template: false, tags: [] };
  const placed = nics.map((each) => ({ nic: each.nic, segment: each.segment.name }));
  return {
    subject: {
      guest,
      where: `${ref.node}/${ref.vmid}`,
      configuration: observed(
        { ...standing, ref, name, template: false, nics: nics.map((each) => each.nic) },
        where,
      ),
      place: { nics: placed, nic, segment },
      named: observed<string>(name, where),
      wanted: name,
      fqdn: fqdn(name, segment.domain),
      alias: journalled.alias,
      fixedAddress: undefined,
    },
    nic: asksByDhcp(nic),
    segment,
    journalled,
  };
}

/** Whatever the source says: a clone is given its address by DHCP. */
function asksByDhcp(nic: PlannedNic['nic']): PlannedNic['nic'] {
  return { ...nic, ipv4: 'dhcp' };
}

/**
 * Why a clone must not be made for want of its reservations; undefined where they stand, or where none was to be had and
 * none is asked for.
 */
export function whyNotReserved(
  { order }: CloneContext,
  clone: PlannedClone,
  { results }: ReservedNames,
): TruenameError | undefined {
  if (order.reserve === 'never') return undefined;
  for (const nic of clone.nics) {
    const result = results.get(reservationKey(clone, nic));
    if (result === undefined) return new TruenameError('internal', `nobody reserved for ${clone.name}`);
    if (standsReserved(result) || result.outcome === 'planned') continue;
    if (result.error?.code === 'unsupported' && order.reserve === 'where-possible') continue;
    return (
      result.error ??
      new TruenameError('reservation-not-taken', result.why, { where: nic.segment.dhcpServer })
    );
  }
  return undefined;
}

/** True where the reservation was seen to stand. */
export function standsReserved({ outcome, readBack }: ReservationResult): boolean {
  if (outcome === 'reserved') return true;
  if (outcome === 'unchanged') return true;
  return readBack.some(({ link, state }) => link === 'reservation' && state === 'proven');
}
