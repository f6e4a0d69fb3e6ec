import type { Evidence } from '../domain/evidence.ts';
import { firstLabel, sameName } from '../domain/name.ts';
import { ruleAtNextBoot, ruleNow, sentNow } from '../domain/sent-name.ts';
import type { GuestView } from '../domain/snapshot.ts';

/** Names that nobody set on purpose. */
export interface KnownNames {
  /** Names of the site's templates, beside those in the inventory. */
  readonly templates: readonly string[];
  /** What Truename itself gave to the guest last; absent where it never did. */
  readonly lastWritten?: string;
}

/** A name that somebody gave to the guest, and where it stands. */
export interface DeliberateName {
  readonly name: string;
  readonly where: string;
}

/** What a system calls itself that has no name (hostname(5), systemd's fallback). */
const noNames = ['localhost', '(none)'];

/**
 * The names in the guest that somebody must have set on purpose: neither the wanted one, nor a template's, nor none,
 * nor one that Truename wrote. The kernel's name alone is no such sign: a lease or a passing command may set it.
 */
export function deliberateNames(evidence: Evidence, view: GuestView, known: KnownNames): DeliberateName[] {
  const ours = [
    evidence.wanted,
    ...noNames,
    ...known.templates,
    ...evidence.neighbours.templates,
    ...(known.lastWritten === undefined ? [] : [known.lastWritten]),
  ];
  const found = held(view).filter(({ name }) => name !== '' && !ours.some((each) => same(each, name)));
  return found.filter(({ name }, index) => found.findIndex((each) => same(each.name, name)) === index);
}

function held(view: GuestView): DeliberateName[] {
  const { client, host, nixos } = view;
  const names: DeliberateName[] = [{ name: host.static, where: '/etc/hostname' }];
  if (nixos.next !== undefined)
    names.push({ name: nixos.next.declaredName, where: 'the declaration of the next system' });
  if (client === undefined) return names;
  for (const rule of [ruleNow(client), ruleAtNextBoot(client)]) {
    if (rule.from === 'profile')
      names.push({ name: rule.name, where: rule.file || 'the connection profile' });
  }
  const sent = sentNow(view);
  if (sent.from !== 'nothing' && sent.from !== 'transient')
    names.push({ name: sent.name, where: 'the DHCP client' });
  return names;
}

function same(left: string, right: string): boolean {
  return sameName(firstLabel(left), firstLabel(right));
}
