import type { Address } from '../domain/address.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { GuestSummary } from '../domain/guest.ts';
import { hostKeyAlias } from '../domain/host-key.ts';
import { type Fqdn, fqdn, parseHostname } from '../domain/name.ts';
import { type Observation, observed, seenValue } from '../domain/observation.ts';
import type { Hypervisor } from '../domain/ports.ts';
import type { Segment } from '../domain/segment.ts';
import { type Place, placeOf } from './place.ts';
import type { Look } from './server-tables.ts';

/** A machine as its hypervisor tells of it: what it is to be called, and where it is plugged in. */
export interface Subject {
  readonly guest: GuestSummary;
  /** `node/vmid`, for people. */
  readonly where: string;
  readonly configuration: Evidence['configuration'];
  readonly place: Place;
  readonly named: Observation<string>;
  readonly wanted: string;
  readonly fqdn: Fqdn | undefined;
  /** Under which its host keys are pinned. */
  readonly alias: string;
  /** The address that the hypervisor gives it; absent for DHCP and where nothing is said. */
  readonly fixedAddress: Address | undefined;
}

/** Reads a machine's configuration, and what follows from it. */
export async function subjectOf(
  sources: {
    readonly hypervisor: Hypervisor;
    readonly segments: readonly Segment[];
    readonly now: () => string;
    readonly nicFor?: (guest: GuestSummary) => string | undefined;
  },
  guest: GuestSummary,
  look: Look,
  options: { readonly trustsList?: boolean } = {},
): Promise<Subject> {
  const { hypervisor, segments, now } = sources;
  const where = `${guest.ref.node}/${guest.ref.vmid}`;
  const [configuration, current] = await Promise.all([
    look(`configuration of ${where}`, (signal) => hypervisor.configuration(guest, signal)),
    // A list of guests may lag behind: whether it runs is asked for anew, unless whoever enters will see it anyway.
    options.trustsList === true
      ? observed(guest, { source: `list of guests of ${hypervisor.id}`, at: now() })
      : look(`power of ${where}`, (signal) => hypervisor.find(guest.ref.vmid, signal)),
  ]);
  const known = seenValue(configuration);
  const place = placeOf(segments, known, sources.nicFor?.(guest));
  const named: Observation<string> =
    known === undefined
      ? observed(guest.name, { source: `list of guests of ${hypervisor.id}`, at: now() })
      : observed(known.name, configuration);
  const wanted = (seenValue(named) ?? '').split('.')[0] ?? '';
  const ipv4 = place.nic?.ipv4;
  return {
    guest: { ...guest, power: seenValue(current)?.power ?? guest.power },
    where,
    configuration,
    place,
    named,
    wanted,
    fqdn: fullName(wanted, place.segment),
    alias: hostKeyAlias(guest.ref.vmid, known?.uuid ?? place.nic?.mac ?? ''),
    fixedAddress: typeof ipv4 === 'object' ? ipv4.fixed : undefined,
  };
}

function fullName(wanted: string, segment: Segment | undefined): Fqdn | undefined {
  const name = parseHostname(wanted);
  return name === undefined || segment === undefined ? undefined : fqdn(name, segment.domain);
}
