import type { Link, LinkName, NameChain } from '../domain/chain.ts';
import type { NameRule, SentName } from '../domain/dhcp-client.ts';
import { TruenameError } from '../domain/error.ts';
import type { HostNames } from '../domain/guest-facts.ts';
import { type Fqdn, firstLabel, sameName } from '../domain/name.ts';
import { notObservable, type Observation, observed } from '../domain/observation.ts';
import type { DnsAnswer } from '../domain/ports.ts';
import { ruleAtNextBoot, ruleNow, sentAtNextBoot, sentNow } from '../domain/sent-name.ts';
import type { GuestView, ResolverView, Snapshot } from '../domain/snapshot.ts';

const noClient = new TruenameError('unsupported', 'no DHCP client that Truename knows holds the interface');

/** The chain of a machine's name from one snapshot, each link held against the wanted name. */
export function chainOf(snapshot: Snapshot, wanted: string, fqdn: Fqdn): NameChain {
  const { guest } = snapshot;
  const link = (name: LinkName, seen: Observation<string>, note?: string): Link => ({
    link: name,
    name: seen,
    state: stateOf(seen, wanted),
    ...(note === undefined ? {} : { note }),
  });
  const inGuest = (name: LinkName, read: (view: GuestView) => string | undefined): Link =>
    link(name, guest.seen === 'value' ? observed(read(guest.value), guest) : guest);
  const ofClient = (
    name: LinkName,
    read: (view: GuestView) => SentName,
    rule: (client: NonNullable<GuestView['client']>) => NameRule,
  ): Link => {
    if (guest.seen !== 'value') return link(name, guest);
    const sent = read(guest.value);
    const { client } = guest.value;
    return client === undefined
      ? link(name, notObservable(noClient, guest))
      : link(name, observed(nameOf(sent), guest), whence(name, sent, rule(client), guest.value.host));
  };
  return {
    wanted,
    links: [
      link('hypervisor', snapshot.hypervisor),
      inGuest('cloud-init', (view) => view.cloudInit.givenName),
      inGuest('declaration', (view) => view.nixos.next?.declaredName),
      inGuest('static', (view) => view.host.static),
      inGuest('transient', (view) => view.host.transient),
      ofClient('dhcp-client', sentNow, ruleNow),
      ofClient('next-boot', sentAtNextBoot, ruleAtNextBoot),
      link('lease', leaseName(snapshot), addressNote(snapshot)),
      ...snapshot.resolvers.flatMap((each) => [
        forwardLink(each, snapshot, fqdn),
        dnsLink('reverse', each.resolver, each.reverse, (names) =>
          names.some((name) => sameName(name, fqdn)) ? 'right' : 'wrong',
        ),
      ]),
    ],
  };
}

/** A name may be a full one; DHCP servers and clients go by its first label. */
function stateOf(seen: Observation<string>, wanted: string): Link['state'] {
  if (seen.seen === 'not-observable') return 'unknown';
  if (seen.seen === 'empty') return 'absent';
  return sameName(firstLabel(seen.value), wanted) ? 'right' : 'wrong';
}

function nameOf(sent: SentName): string | undefined {
  return sent.from === 'nothing' ? undefined : sent.name;
}

function whence(link: LinkName, sent: SentName, rule: NameRule, host: HostNames): string {
  if (sent.from === 'nothing') return sent.why;
  if (sent.from === 'static' && sent.name !== host.static.split('.')[0] && link === 'dhcp-client')
    return 'the static name as the client believes it to be';
  if (rule.from !== 'profile') return `the ${sent.from} name`;
  return rule.file === '' ? 'a profile in memory' : `the file ${rule.file}`;
}

function leaseName(snapshot: Snapshot): Observation<string> {
  if (snapshot.lease.seen !== 'value') return snapshot.lease;
  return observed(snapshot.lease.value.lease.name, snapshot.lease);
}

function addressNote(snapshot: Snapshot): string | undefined {
  return snapshot.lease.seen === 'value' ? snapshot.lease.value.lease.address : undefined;
}

/** Right when the only record is the address of the lease; where that cannot be read, nothing can be said. */
function forwardLink(view: ResolverView, snapshot: Snapshot, fqdn: Fqdn): Link {
  const address = addressNote(snapshot);
  const link = dnsLink('forward', view.resolver, view.forward, (addresses) => {
    if (snapshot.lease.seen === 'not-observable') return 'unknown';
    return addresses.length === 1 && addresses[0] === address ? 'right' : 'wrong';
  });
  return link.note === undefined ? { ...link, note: fqdn } : link;
}

function dnsLink<T extends string>(
  link: LinkName,
  of: string,
  answer: Observation<DnsAnswer<T>>,
  judge: (records: readonly T[]) => Link['state'],
): Link {
  if (answer.seen === 'not-observable') return { link, of, name: answer, state: 'unknown' };
  const value = answer.seen === 'value' ? answer.value : { status: 'none' as const };
  if (value.status === 'not-served') {
    return { link, of, name: observed<string>(undefined, answer), state: 'unserved', note: value.why };
  }
  const records = value.status === 'answered' ? value.records : [];
  const name = observed(records.join(', '), answer);
  return { link, of, name, state: records.length === 0 ? 'absent' : judge(records) };
}
