import { TruenameError } from '../../domain/error.ts';
import type { GuestRef, Nic } from '../../domain/guest.ts';
import type { StandingGuest } from '../../domain/guest-maker.ts';
import type { JournalledGuest } from '../../domain/journal.ts';
import type { Mac } from '../../domain/mac.ts';
import { type Fqdn, fqdn, type Hostname, sameName } from '../../domain/name.ts';
import { seenValue } from '../../domain/observation.ts';
import type { Segment } from '../../domain/segment.ts';
import { chooseMac, macPrefix } from '../../plan/choose-macs.ts';
import { whyNeverGiven } from '../../plan/conflicts.ts';
import { bearerOf, holdersOf, macsIn, type NameSurvey, unseenHolder } from '../../plan/name-holders.ts';
import type { CloneContext } from './context.ts';
import type { EarlierClone } from './earlier.ts';
import type { CloneSource } from './source.ts';

/** A clone that may be made, or that an earlier run has made in part. */
export interface PlannedClone {
  readonly name: Hostname;
  readonly ref: GuestRef;
  readonly fqdn: Fqdn;
  /** Those that carry the name, the first one's segment is the clone's. */
  readonly nics: readonly PlannedNic[];
  readonly existing?: StandingGuest;
  readonly journalled: JournalledGuest;
  readonly notes: readonly string[];
}

/** A NIC with the MAC address that it is to have. */
export interface PlannedNic {
  readonly nic: Nic;
  readonly segment: Segment;
}

/** Why a name cannot be given, for one of the names. */
export interface RefusedName {
  readonly name: Hostname;
  readonly error: TruenameError;
}

/** What is known before anything is decided. */
export interface PlanKnowledge {
  readonly source: CloneSource;
  readonly survey: NameSurvey;
  readonly earlier: ReadonlyMap<Hostname, EarlierClone>;
}

/** Decides for all names in their order: each with MAC addresses and a number that nobody has, or why not. */
export async function planClones(
  context: CloneContext,
  known: PlanKnowledge,
): Promise<(PlannedClone | RefusedName)[]> {
  const macs = macsIn(known.survey);
  const planned: (PlannedClone | RefusedName)[] = [];
  for (const name of context.order.names) {
    const error = whyNot(context, known, name);
    planned.push(error === undefined ? await planOne(context, known, name, macs) : { name, error });
  }
  return planned;
}

function whyNot(
  { order }: CloneContext,
  { survey, earlier }: PlanKnowledge,
  name: Hostname,
): TruenameError | undefined {
  const own = earlier.get(name);
  const refuse = (code: TruenameError['code'], why: string, hint?: string) =>
    new TruenameError(code, why, { where: name, ...(hint === undefined ? {} : { hint }) });
  const forbidden = whyNeverGiven(name, order.policy);
  if (forbidden !== undefined) return refuse('name-refused', forbidden);
  const unseen = unseenHolder(name, survey);
  if (unseen !== undefined)
    return refuse(
      unseen.code,
      unseen.why,
      'Nothing was made: whether the name is free must be seen everywhere.',
    );
  const macs = [...formerMacs(survey, own), ...(own?.made?.nics.map(({ mac }) => mac) ?? [])];
  const hold = { macs, ...(own?.made === undefined ? {} : { vmid: own.made.ref.vmid }) };
  const holders = holdersOf(name, hold, survey);
  const inTheWay = holders.find(({ gone }) => !gone) ?? (order.replace ? undefined : holders[0]);
  if (inTheWay === undefined) return undefined;
  const hint = inTheWay.gone ? 'Its holder is gone: --replace takes the name.' : 'Choose another name.';
  return refuse('name-taken', `"${name}" is taken: ${inTheWay.why}`, hint);
}

/** Those that nobody else bears by now. */
function formerMacs(survey: NameSurvey, own: EarlierClone | undefined, server?: string): Mac[] {
  const mine = (own?.macs ?? []).filter((each) => server === undefined || each.server === server);
  return mine
    .map(({ mac }) => mac)
    .filter((mac) => {
      const bearer = bearerOf(mac, survey);
      return bearer === undefined || bearer.summary.ref.vmid === own?.made?.ref.vmid;
    });
}

async function planOne(
  context: CloneContext,
  known: PlanKnowledge,
  name: Hostname,
  taken: Set<Mac>,
): Promise<PlannedClone> {
  const { source, survey, earlier } = known;
  const own = earlier.get(name);
  const existing = own?.made;
  const ref = existing?.ref ?? (await freeRef(context, source));
  const notes: string[] = [];
  const nics = source.nics
    .filter(({ carriesName }) => carriesName)
    .map(({ nic, segment }): PlannedNic => {
      const mac =
        givenMac(context, known, slotOf(source), nic) ??
        macFor(context, { survey, own, name, nic, server: segment.dhcpServer }, taken);
      taken.add(mac);
      return { nic: { ...nic, mac }, segment };
    });
  const further = source.nics.filter(({ carriesName }) => !carriesName);
  for (const { nic, segment } of further)
    notes.push(
      `${nic.slot} is in ${segment.domain} too: the name is not reserved for it, and it may ask for it`,
    );
  for (const { nic } of nics) {
    if (typeof nic.ipv4 === 'object')
      notes.push(`${nic.slot} has the fixed address ${nic.ipv4.fixed} at the source; the clone asks by DHCP`);
  }
  const [main] = nics;
  if (main === undefined) throw new TruenameError('segment-unknown', 'no network interface is in a segment');
  const alias = `truename-clone-${context.order.run}-${name}`;
  return {
    name,
    ref,
    fqdn: fqdn(name, main.segment.domain),
    nics,
    ...(existing === undefined ? {} : { existing }),
    journalled: { ref, kind: 'vm', name, alias },
    notes,
  };
}

/** The number is taken from the cluster at once, so that two clones of a run never get the same. */
async function freeRef(
  { order, maker, signal, numbers }: CloneContext,
  { summary }: CloneSource,
): Promise<GuestRef> {
  const from = order.vmid === undefined ? {} : { from: order.vmid };
  const vmid = await maker.freeNumber({ ...from, besides: numbers }, signal);
  if (order.vmid !== undefined && order.names.length === 1 && vmid !== order.vmid) {
    throw new TruenameError('guest-number-taken', `another guest has the number ${order.vmid}`, {
      hint: `The next free one is ${vmid}.`,
    });
  }
  numbers.add(vmid);
  return { ...summary.ref, node: order.node ?? summary.ref.node, vmid };
}

/** The slot of the NIC that carries the name. */
function slotOf({ nics }: CloneSource): string | undefined {
  return nics[0]?.nic.slot;
}

/** The MAC address that was asked for; throws where a guest has it that is not the clone. */
function givenMac(
  { order }: CloneContext,
  { survey, earlier }: PlanKnowledge,
  main: string | undefined,
  { slot }: Nic,
): Mac | undefined {
  const { mac, names } = order;
  const [name] = names;
  if (mac === undefined || names.length !== 1 || name === undefined || slot !== main) return undefined;
  const bearer = bearerOf(mac, survey);
  const own = earlier.get(name)?.made?.ref.vmid;
  if (bearer === undefined || bearer.summary.ref.vmid === own) return mac;
  throw new TruenameError('usage', `${mac} is the MAC address of guest ${bearer.summary.ref.vmid}`);
}

/** Whose MAC address is looked for. */
interface Wanted {
  readonly survey: NameSurvey;
  readonly own: EarlierClone | undefined;
  readonly name: Hostname;
  readonly nic: Nic;
  readonly server: string;
}

/**
 * The one that is reserved for the name already, by an earlier run or for a holder that is gone; the one that the clone has,
 * or had in a run that took it away; else a new one.
 */
function macFor(
  { sources }: CloneContext,
  { survey, own, name, nic, server }: Wanted,
  taken: ReadonlySet<Mac>,
): Mac {
  const reserved = survey.servers
    .filter(({ id }) => id === server)
    .flatMap((each) => seenValue(each.own) ?? [])
    .find((each) => sameName(each.name, name));
  const bearer = reserved === undefined ? undefined : bearerOf(reserved.mac, survey);
  const free = bearer === undefined || bearer.summary.ref.vmid === own?.made?.ref.vmid;
  if (reserved !== undefined && free) return reserved.mac;
  const has = own?.made?.nics.find(({ slot }) => slot === nic.slot)?.mac;
  const [former] = formerMacs(survey, own, server);
  return has ?? former ?? chooseMac(macPrefix(nic.mac), taken, () => sources.random(3));
}
