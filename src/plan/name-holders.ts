import type { Address } from '../domain/address.ts';
import type { ErrorCode } from '../domain/error.ts';
import type { GuestConfiguration, GuestSummary } from '../domain/guest.ts';
import { type Lease, type LeaseTable, livingLeases } from '../domain/lease.ts';
import type { Mac } from '../domain/mac.ts';
import { type Fqdn, firstLabel, type Hostname, sameName } from '../domain/name.ts';
import { type Observation, seenValue } from '../domain/observation.ts';
import type { DnsAnswer } from '../domain/ports.ts';
import type { OwnReservation, Reservation } from '../domain/reservation.ts';

/** Everywhere that a name may be held, read once for all names of a run. */
export interface NameSurvey {
  readonly guests: readonly SurveyedGuest[];
  readonly servers: readonly SurveyedServer[];
  readonly answers: readonly SurveyedAnswer[];
}

/** A guest with its configuration, templates and containers among them. */
export interface SurveyedGuest {
  readonly summary: GuestSummary;
  readonly configuration: Pick<GuestConfiguration, 'name' | 'nics'>;
}

/** A DHCP server of the configuration, whether the clone will ask it or not. */
export interface SurveyedServer {
  readonly id: string;
  readonly leases: Observation<LeaseTable>;
  /** Those of Truename; empty where it keeps none there. */
  readonly own: Observation<readonly OwnReservation[]>;
  /** Those of everybody else. */
  readonly others: Observation<readonly Reservation[]>;
}

/** What a resolver says of a name under the domain of one of its segments. */
export interface SurveyedAnswer {
  readonly name: Hostname;
  readonly fqdn: Fqdn;
  readonly resolver: string;
  readonly answer: Observation<DnsAnswer<Address>>;
}

/** Who has a name. */
export interface Holder {
  /** One sentence for people. */
  readonly why: string;
  /** True where no guest is left that could hold it: it may be replaced. */
  readonly gone: boolean;
}

/** Whose a name may be already without being in the way: the clone itself, where an earlier run made it. */
export interface OwnHold {
  readonly vmid?: number;
  readonly macs: readonly Mac[];
}

/** Leases of a name, alone or with a domain behind it, that are not of the machine with these MAC addresses. */
export function leasesUnder(name: string, own: readonly Mac[], leases: readonly Lease[]): Lease[] {
  return leases.filter((each) => sameName(firstLabel(each.name), name) && !own.includes(each.mac));
}

/** The addresses that a resolver gives a name and that are not among these; none where it could not be asked. */
export function foreignRecords(
  answer: Observation<DnsAnswer<Address>>,
  isOwn: (address: Address) => boolean,
): Address[] {
  const value = seenValue(answer);
  return value?.status === 'answered' ? value.records.filter((each) => !isOwn(each)) : [];
}

/** Everybody but the clone itself that has the name: guests, living leases, reservations, DNS, at every server. */
export function holdersOf(name: Hostname, own: OwnHold, survey: NameSurvey): Holder[] {
  return [
    ...amongGuests(name, own, survey),
    ...survey.servers.flatMap((server) => atServer(name, own, server, survey)),
    ...inDns(name, own, survey),
  ];
}

/** What could not be looked at, and so might hold the name; undefined for nothing. */
export function unseenHolder(
  name: Hostname,
  { servers, answers }: NameSurvey,
): { readonly code: ErrorCode; readonly why: string } | undefined {
  for (const { id, leases, own, others } of servers) {
    for (const [what, seen] of [
      ['leases', leases],
      ['reservations', own],
      ['reservations', others],
    ] as const) {
      if (seen.seen === 'not-observable')
        return { code: seen.code, why: `the ${what} of ${id} could not be read: ${seen.why}` };
    }
  }
  for (const { resolver, answer, ...asked } of answers) {
    if (asked.name === name && answer.seen === 'not-observable')
      return { code: answer.code, why: `${resolver} could not be asked for ${asked.fqdn}: ${answer.why}` };
  }
  return undefined;
}

/** The guest that bears a MAC address. */
export function bearerOf(mac: Mac, { guests }: Pick<NameSurvey, 'guests'>): SurveyedGuest | undefined {
  return guests.find(({ configuration }) => configuration.nics.some((nic) => nic.mac === mac));
}

/** Every MAC address that somebody has, or that is reserved or leased. */
export function macsIn({ guests, servers }: NameSurvey): Set<Mac> {
  return new Set([
    ...guests.flatMap(({ configuration }) => configuration.nics.map(({ mac }) => mac)),
    ...servers.flatMap(({ leases }) => (seenValue(leases)?.leases ?? []).map(({ mac }) => mac)),
    ...servers.flatMap(({ own }) => (seenValue(own) ?? []).map(({ mac }) => mac)),
    ...servers.flatMap(({ others }) => (seenValue(others) ?? []).flatMap(({ mac }) => mac ?? [])),
  ]);
}

function amongGuests(name: Hostname, own: OwnHold, { guests }: NameSurvey): Holder[] {
  return guests
    .filter(({ summary }) => summary.ref.vmid !== own.vmid)
    .filter(({ configuration }) => sameName(firstLabel(configuration.name), name))
    .map(({ summary, configuration }) => {
      const kind = summary.template ? 'template' : summary.kind === 'vm' ? 'VM' : 'container';
      const { vmid, node } = summary.ref;
      return { why: `${kind} ${vmid} on ${node} is called ${configuration.name}`, gone: false };
    });
}

function atServer(name: Hostname, own: OwnHold, server: SurveyedServer, survey: NameSurvey): Holder[] {
  const foreign = (mac: Mac | undefined) => mac === undefined || !own.macs.includes(mac);
  const leases = leasesUnder(name, own.macs, livingOf(server));
  const mine = (seenValue(server.own) ?? []).filter((each) => sameName(each.name, name) && foreign(each.mac));
  const theirs = (seenValue(server.others) ?? []).filter(
    (each) => sameName(firstLabel(each.name), name) && foreign(each.mac),
  );
  return [
    ...leases.map(({ address, mac }) => {
      const bearer = bearerOf(mac, survey);
      return { why: `${server.id} leases ${address} under it to ${mac}, ${called(bearer)}`, gone: !bearer };
    }),
    ...mine.map(({ mac }) => {
      const bearer = bearerOf(mac, survey);
      return { why: `Truename reserved it at ${server.id} for ${mac}, ${called(bearer)}`, gone: !bearer };
    }),
    ...theirs.map(({ mac, clientId, file }) => ({
      why: `it is reserved at ${server.id} for ${mac ?? clientId ?? 'somebody'}, in ${file}`,
      gone: false,
    })),
  ];
}

function inDns(name: Hostname, own: OwnHold, survey: NameSurvey): Holder[] {
  const leases = survey.servers.flatMap(livingOf);
  return survey.answers.flatMap(({ resolver, fqdn, answer, ...asked }) => {
    if (asked.name !== name) return [];
    const leaseAt = (address: Address) => leases.find((each) => each.address === address);
    const isOwn = (address: Address) => own.macs.some((mac) => mac === leaseAt(address)?.mac);
    return foreignRecords(answer, isOwn).map((address) => {
      const lease = leaseAt(address);
      const gone = lease !== undefined && bearerOf(lease.mac, survey) === undefined;
      return { why: `${resolver} answers ${fqdn} with ${address}`, gone };
    });
  });
}

function livingOf({ leases }: SurveyedServer) {
  const table = seenValue(leases);
  return table === undefined ? [] : livingLeases(table);
}

function called(bearer: SurveyedGuest | undefined): string {
  return bearer === undefined
    ? 'which no guest has'
    : `${bearer.configuration.name} (${bearer.summary.ref.vmid})`;
}
