import type { ErrorCode } from '../domain/error.ts';
import { addressingOf, type Evidence } from '../domain/evidence.ts';
import { isWindows } from '../domain/guest.ts';
import { firstLabel, type Hostname, parseHostname, sameName } from '../domain/name.ts';
import { seenValue } from '../domain/observation.ts';
import type { Proof, Verdict } from '../domain/proof.ts';
import type { Remedy } from '../domain/remedy.ts';
import type { GuestView } from '../domain/snapshot.ts';
import { whyNotThisName } from './conflicts.ts';
import { deliberateNames } from './deliberate.ts';
import { wholeLadder } from './ladder.ts';
import { isAllowed, type Limits } from './limits.ts';
import { prove } from './prove.ts';
import { loudAgain, silenceRungs, unsilenced } from './silence.ts';
import { type Roles, whySpared } from './spare.ts';

/** By what a run decides; the same for all of its guests. */
export interface FixPolicy {
  readonly limits: Limits;
  readonly roles: Roles;
  /** Template names of the site beside those in the inventory. */
  readonly templates: readonly string[];
  /** The name at the hypervisor wins over one that somebody set in the guest. */
  readonly adoptHypervisor: boolean;
  /** One that somebody set in the guest becomes its name at the hypervisor. */
  readonly adoptGuest: boolean;
  /** Go on although somebody else has the name. */
  readonly takeName: boolean;
  /** True: a resolver without a reverse zone is a failure. */
  readonly reverseRequired: boolean;
}

/** What is known of one guest. */
export interface FixSubject {
  readonly evidence: Evidence;
  /** The guest as its other NICs in the same domain see it. */
  readonly others: readonly GuestView[];
  /** Named itself on the command line, not by `--all` or the like. */
  readonly named: boolean;
  /** The name that Truename gave it last. */
  readonly lastWritten?: string;
}

/** Why a guest is left as it is. */
export type LeftReason =
  | 'spared'
  | 'unsupported'
  | 'guest-off'
  | 'name-conflict'
  | 'set-on-purpose'
  | 'reserved-otherwise'
  | 'beyond-limits'
  | 'not-the-guest'
  | 'will-not-last';

/** What is to be done with one guest. */
export type Decision =
  | { readonly action: 'none'; readonly why: string; readonly proof?: Proof }
  | {
      readonly action: 'left';
      readonly reason: LeftReason;
      readonly why: string;
      readonly withheld: readonly Remedy[];
      readonly proof?: Proof;
    }
  /** The guest's own name is to be its name at the hypervisor too. */
  | { readonly action: 'rename'; readonly name: Hostname; readonly why: string }
  | { readonly action: 'unseen'; readonly code: ErrorCode; readonly why: string }
  | {
      readonly action: 'mend';
      /** As they would be taken if each were to fail; the first proof ends the climb. */
      readonly rungs: readonly Remedy[];
      /** For the machine's other NICs, before those. */
      readonly silences: readonly Remedy[];
      readonly withheld: readonly Remedy[];
      readonly notes: readonly string[];
    };

/** Decides from what was seen. Pure: the same evidence and policy give the same decision. */
export function decide(subject: FixSubject, policy: FixPolicy): Decision {
  return mayBeTouched(subject, policy) ?? canBeRead(subject, policy) ?? whatHelps(subject, policy);
}

function left(
  reason: LeftReason,
  why: string,
  more: { readonly withheld?: readonly Remedy[]; readonly proof?: Proof } = {},
): Decision {
  return { action: 'left', reason, why, withheld: [], ...more };
}

function mayBeTouched({ evidence, named }: FixSubject, policy: FixPolicy): Decision | undefined {
  const spared = named ? undefined : whySpared(evidence, policy.roles);
  if (spared !== undefined) return left('spared', `${spared}: name it itself to have it mended`);
  const configuration = seenValue(evidence.configuration);
  if (configuration !== undefined && isWindows(configuration))
    return left('unsupported', 'Truename does not look into Windows guests');
  if (evidence.guest.power === 'stopped') return left('guest-off', 'it does not run');
  if (addressingOf(evidence) === 'static')
    return { action: 'none', why: 'it has a fixed address and asks no DHCP server' };
  return undefined;
}

function canBeRead({ evidence }: FixSubject, policy: FixPolicy): Decision | undefined {
  const { segment, nic, configuration, snapshot } = evidence;
  if (configuration.seen === 'not-observable')
    return { action: 'unseen', code: configuration.code, why: configuration.why };
  if (nic === undefined) return { action: 'none', why: 'it has no network interface' };
  if (segment === undefined)
    return { action: 'unseen', code: 'segment-unknown', why: `no segment holds ${nic.slot}` };
  const conflict = whyNotThisName(evidence, policy.roles, policy);
  if (conflict !== undefined) return left('name-conflict', conflict);
  const { guest, lease } = snapshot;
  if (guest.seen === 'not-observable') return { action: 'unseen', code: guest.code, why: guest.why };
  if (lease.seen === 'not-observable') return { action: 'unseen', code: lease.code, why: lease.why };
  return undefined;
}

function whatHelps(subject: FixSubject, policy: FixPolicy): Decision {
  const { evidence, others } = subject;
  const view = seenValue(evidence.snapshot.guest);
  const name = parseHostname(evidence.wanted);
  if (view === undefined || name === undefined || evidence.fqdn === undefined)
    return { action: 'unseen', code: 'bad-response', why: 'the guest said nothing' };
  const claim = { name, fqdn: evidence.fqdn, reverseRequired: policy.reverseRequired };
  const proof = prove(evidence.snapshot, claim);
  const silences = silenceRungs(others, name, view);
  const competing = unsilenced(others, name, view);
  if (proof.proven && silences.length === 0) {
    const [again] = loudAgain(others, name, view);
    const [loud] = competing;
    if (loud !== undefined)
      return left('unsupported', `${tooLoud(loud)}, so that the name may move to it at each renewal`, {
        proof,
      });
    if (again === undefined) return { action: 'none', why: 'its name is right, and lasts', proof };
    return left('will-not-last', `after the next boot ${again} asks for the same name again`, { proof });
  }
  const purpose = policy.adoptHypervisor ? undefined : onPurpose(subject, view, policy);
  if (purpose !== undefined) return purpose;
  if (view.client?.kind === 'dhclient')
    return left('unsupported', 'ISC dhclient is at its end of life and only diagnosed');
  const reserved = seenValue(evidence.reservation)?.name;
  if (reserved !== undefined && !sameName(firstLabel(reserved), name))
    return left(
      'reserved-otherwise',
      `the DHCP server reserves the name "${reserved}" for it, whatever it asks for`,
    );
  return climbable(subject, policy, { name, proof, silences, competing });
}

interface Prospect {
  readonly name: Hostname;
  readonly proof: Proof;
  readonly silences: readonly Remedy[];
  readonly competing: readonly string[];
}

function climbable({ evidence }: FixSubject, policy: FixPolicy, prospect: Prospect): Decision {
  const { name, proof, silences, competing } = prospect;
  const whole = wholeLadder(evidence.snapshot, name);
  const rungs = whole.filter((each) => isAllowed(each, policy.limits));
  const withheld = [...silences, ...whole].filter((each) => !isAllowed(each, policy.limits));
  const quiet = silences.filter((each) => isAllowed(each, policy.limits));
  if (rungs.length > 0 || quiet.length > 0) {
    return { action: 'mend', rungs, silences: quiet, withheld, notes: competing.map(tooLoud) };
  }
  if (withheld.length > 0)
    return left('beyond-limits', `it would take ${withheld[0]?.kind} (${withheld[0]?.disruption})`, {
      withheld,
      proof,
    });
  return notForTheGuest(proof);
}

/** What is wrong or unknown, and no rung in the guest would change. */
function notForTheGuest(proof: Proof): Decision {
  const [refuted] = proof.now.filter(({ state }) => state === 'refuted');
  if (refuted !== undefined)
    return left('not-the-guest', `${sentence(refuted)}; nothing in the guest can change that`, { proof });
  const [blind] = [...proof.now, ...proof.lasts].filter(({ state }) => state === 'not-observable');
  if (blind !== undefined) return { action: 'unseen', code: 'unreachable', why: sentence(blind) };
  const [later] = proof.lasts.filter(({ state }) => state === 'refuted');
  if (later !== undefined) return left('will-not-last', later.because, { proof });
  const [unserved] = proof.now.filter(({ state }) => state === 'not-served');
  return left('not-the-guest', unserved === undefined ? 'it is not proven' : sentence(unserved), { proof });
}

function tooLoud(device: string): string {
  return `${device} asks for the same name, and its client cannot be told not to (systemd-networkd takes both from one file, or it is a client that is not mended)`;
}

function sentence({ link, of, because }: Verdict): string {
  return `${link}${of === undefined ? '' : ` (${of})`}: ${because}`;
}

function onPurpose(subject: FixSubject, view: GuestView, policy: FixPolicy): Decision | undefined {
  const { evidence, lastWritten } = subject;
  const [found] = deliberateNames(evidence, view, {
    templates: policy.templates,
    ...(lastWritten === undefined ? {} : { lastWritten }),
  });
  const adopted = found === undefined ? undefined : parseHostname(found.name.split('.')[0] ?? '');
  if (found !== undefined && policy.adoptGuest && adopted !== undefined)
    return { action: 'rename', name: adopted, why: `${found.where} says "${found.name}"` };
  if (found !== undefined)
    return left(
      'set-on-purpose',
      `${found.where} says "${found.name}", which is no template's name and nothing that Truename wrote: --adopt hypervisor gives it the VM's name, --adopt guest gives the VM that name`,
    );
  const { client } = view;
  const silent =
    (client?.kind === 'network-manager' && !client.sendsName) ||
    (client?.kind === 'networkd' && client.now.from === 'nothing');
  return silent
    ? left('set-on-purpose', 'its DHCP client is set to send no name: --adopt hypervisor lets it')
    : undefined;
}
