import type { SentName } from '../domain/dhcp-client.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Exhibit, ProposedRemedy } from '../domain/finding.ts';
import type { Lease } from '../domain/lease.ts';
import { firstLabel, isReservedName, parseHostname, sameName } from '../domain/name.ts';
import { seenValue, type Where } from '../domain/observation.ts';
import type { Disruption, Reach } from '../domain/remedy.ts';
import { sentNow } from '../domain/sent-name.ts';
import type { GuestView } from '../domain/snapshot.ts';

/** One thing that was seen, for people; no value is shown as `none`. */
export function exhibit(what: string, value: string | undefined, where: Where): Exhibit {
  const { source, at } = where;
  return { what, value: value === undefined || value === '' ? 'none' : value, source, at };
}

/** Where something inside the guest was read: the file or command where one is known, and the way in. */
export function inGuest({ snapshot }: Evidence, what?: string): Where {
  const { source, at } = snapshot.guest;
  return { source: what === undefined || what === '' ? source : `${what} (${source})`, at };
}

/** Where names of templates and other guests were read. */
export function inInventory({ guest, takenAt }: Evidence): Where {
  return { source: `list of guests of ${guest.ref.hypervisor}`, at: takenAt };
}

/** The inside of the guest; undefined where nobody could look, so no rule may read that as absence. */
export function viewOf(evidence: Evidence): GuestView | undefined {
  return seenValue(evidence.snapshot.guest);
}

/** The machine's own living lease; undefined both where it has none and where nobody could look. */
export function leaseOf(evidence: Evidence): Lease | undefined {
  return seenValue(evidence.snapshot.lease)?.lease;
}

/** What the client would send if it asked now; undefined where no client was seen that Truename knows. */
export function sent(evidence: Evidence): SentName | undefined {
  const view = viewOf(evidence);
  return view?.client === undefined ? undefined : sentNow(view);
}

/** True when the client would send the wanted name if it asked now. */
export function sendsWanted(evidence: Evidence): boolean {
  return isWanted(evidence, nameOf(sent(evidence)));
}

/** The name in what is sent, if there is one. */
export function nameOf(sent: SentName | undefined): string | undefined {
  return sent === undefined || sent.from === 'nothing' ? undefined : sent.name;
}

/** True for the wanted name, also with a domain behind it: DHCP servers and clients go by the first label. */
export function isWanted({ wanted }: Evidence, name: string | undefined): boolean {
  return wanted !== '' && sameName(firstLabel(name), wanted);
}

/** True when one of the hypervisor's templates is called so, and the machine itself is not to be. */
export function isTemplateName(evidence: Evidence, name: string | undefined): boolean {
  if (name === undefined || isWanted(evidence, name)) return false;
  return evidence.neighbours.templates.some((template) => sameName(firstLabel(template), firstLabel(name)));
}

/** True when the server was told beforehand to give this name, so that it says nothing of the client. */
export function isReservedFor(evidence: Evidence, name: string | undefined): boolean {
  const { hostEntries } = evidence.neighbours;
  const address = leaseOf(evidence)?.address;
  // dnsmasq gives a lease the name of a host entry for its address (src/rfc2131.c, host_from_dns).
  const entries = hostEntries === undefined ? [] : (seenValue(hostEntries) ?? []);
  const named = entries.filter((each) => each.address === address).flatMap((each) => each.names);
  return [seenValue(evidence.reservation)?.name, ...named].some((each) =>
    sameName(firstLabel(each), firstLabel(name)),
  );
}

/** The machine as a remedy names it: `guest 610`. */
function target({ guest }: Evidence): string {
  return `guest ${guest.ref.vmid}`;
}

/** How a remedy is felt, and by whom; where nothing is said it is done to the guest and felt by it alone. */
export interface RemedyCost {
  readonly disruption: Disruption;
  readonly reach?: Reach;
  readonly target?: string;
}

/** What would put it right, for people. */
export function remedy(evidence: Evidence, kind: string, cost: RemedyCost, how: string): ProposedRemedy {
  const { disruption, reach = 'guest', target: at = target(evidence) } = cost;
  return { kind, target: at, disruption, reach, how };
}

/** A name as a summary shows it; any text, to be escaped where it is shown. */
export function quoted(name: string | undefined): string {
  return name === undefined || name === '' ? 'no name' : `"${name}"`;
}

/** Any text as one word of a POSIX shell, so that a command that people copy does what it says. */
export function shellWord(text: string): string {
  return /^[\w.:@%+=/][\w.:@%+=/-]*$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** True where the guest runs NixOS, whose declaration rules its static name. */
export function isNixos({ os, nixos }: GuestView): boolean {
  return os.id === 'nixos' || nixos.current !== undefined || nixos.next !== undefined;
}

/** True when NixOS declares the wanted name for the next start, and the running machine was not started with it. */
export function isRebootPending(evidence: Evidence, { nixos, host }: GuestView): boolean {
  const { booted, current, next } = nixos;
  if (!isWanted(evidence, next?.declaredName)) return false;
  if (current !== undefined && !isWanted(evidence, current.declaredName)) return true;
  return (
    booted !== undefined && !isWanted(evidence, booted.declaredName) && !isWanted(evidence, host.transient)
  );
}

/**
 * Another name at the hypervisor, for people who mean the name that the guest has; nothing where that name is
 * none, or one that must not be given away.
 */
export function renaming(evidence: Evidence, name: string): ProposedRemedy[] {
  const legal = parseHostname(name);
  if (legal === undefined || isReservedName(legal) || isTemplateName(evidence, name)) return [];
  const { kind, ref } = evidence.guest;
  const command =
    kind === 'vm' ? `qm set ${ref.vmid} --name ${name}` : `pct set ${ref.vmid} --hostname ${name}`;
  const how = `Call it ${quoted(name)} at the hypervisor: \`${command}\` on ${ref.node}; the guest is told at its next start.`;
  return [remedy(evidence, 'rename-guest', { disruption: 'none' }, how)];
}

/** The whole of it: build the guest's own NixOS system, start it, and prove the name. */
export function rebuilding(evidence: Evidence): ProposedRemedy {
  const { wanted, guest } = evidence;
  const name = shellWord(wanted);
  const how = `Rebuild it from its own configuration: \`truename rebuild ${name} ${guest.ref.vmid} ${guest.ref.node} ./${name}.nix\`.`;
  return remedy(evidence, 'rebuild', { disruption: 'reboot' }, how);
}
