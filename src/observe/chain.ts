import type { Link, LinkName, NameChain } from '../domain/chain.ts';
import type { DhcpClientState, SentName } from '../domain/dhcp-client.ts';
import { type Fqdn, sameName } from '../domain/name.ts';
import { type Observation, observed } from '../domain/observation.ts';
import type { DnsAnswer } from '../domain/ports.ts';
import type { GuestView, Snapshot } from '../domain/snapshot.ts';
import { sentAtNextBoot, sentNow } from '../plan/sent-name.ts';

/** The chain of a machine's name from one snapshot, each link held against the wanted name. */
export function chainOf(snapshot: Snapshot, wanted: string, fqdn: Fqdn): NameChain {
  const inGuest = (read: (view: GuestView) => string | undefined): Observation<string> =>
    snapshot.guest.seen === 'value' ? observed(read(snapshot.guest.value), snapshot.guest) : snapshot.guest;
  const link = (name: LinkName, seen: Observation<string>, note?: string): Link => ({
    link: name,
    name: seen,
    state: stateOf(seen, wanted),
    ...(note === undefined ? {} : { note }),
  });
  const view = snapshot.guest.seen === 'value' ? snapshot.guest.value : undefined;
  return {
    wanted,
    links: [
      link('hypervisor', snapshot.hypervisor),
      link(
        'cloud-init',
        inGuest((guest) => guest.cloudInit.givenName),
      ),
      link(
        'declaration',
        inGuest((guest) => guest.nixos.next?.declaredName),
      ),
      link(
        'static',
        inGuest((guest) => guest.host.static),
      ),
      link(
        'transient',
        inGuest((guest) => guest.host.transient),
      ),
      link(
        'dhcp-client',
        inGuest((guest) => nameOf(sentNow(guest))),
        view && whence(sentNow(view), view.client),
      ),
      link(
        'next-boot',
        inGuest((guest) => nameOf(sentAtNextBoot(guest))),
        view && whence(sentAtNextBoot(view), view.client),
      ),
      link('lease', leaseName(snapshot), addressNote(snapshot)),
      ...snapshot.resolvers.flatMap((each) => [
        dnsLink('forward', each.resolver, each.forward, expectedAddress(snapshot), fqdn),
        dnsLink('reverse', each.resolver, each.reverse, fqdn, undefined),
      ]),
    ],
  };
}

function stateOf(seen: Observation<string>, wanted: string): Link['state'] {
  if (seen.seen === 'not-observable') return 'unknown';
  if (seen.seen === 'empty') return 'absent';
  return sameName(seen.value, wanted) ? 'right' : 'wrong';
}

function nameOf(sent: SentName): string | undefined {
  return sent.from === 'nothing' ? undefined : sent.name;
}

function whence(sent: SentName, client: DhcpClientState | undefined): string {
  if (sent.from === 'nothing') return sent.why;
  if (sent.from !== 'profile' || client === undefined) return `the ${sent.from} name`;
  return client.connection.file === '' ? 'a profile in memory' : `the profile ${client.connection.file}`;
}

function leaseName(snapshot: Snapshot): Observation<string> {
  if (snapshot.lease.seen !== 'value') return snapshot.lease;
  return observed(snapshot.lease.value.lease.name, snapshot.lease);
}

function addressNote(snapshot: Snapshot): string | undefined {
  return snapshot.lease.seen === 'value' ? snapshot.lease.value.lease.address : undefined;
}

function expectedAddress(snapshot: Snapshot): string {
  return addressNote(snapshot) ?? '';
}

/** A DNS link is right when its only record is the expected one. */
function dnsLink<T extends string>(
  link: LinkName,
  of: string,
  answer: Observation<DnsAnswer<T>>,
  expected: string,
  shown: string | undefined,
): Link {
  if (answer.seen !== 'value') return { link, of, name: answer, state: stateOf(answer, expected) };
  const { value } = answer;
  if (value.status === 'not-served') {
    return { link, of, name: observed<string>(undefined, answer), state: 'unserved', note: value.why };
  }
  const records = value.status === 'answered' ? value.records : [];
  const text = records.join(', ');
  const name = observed(records.length === 0 ? undefined : text, answer);
  return { link, of, name, state: stateOf(name, expected), ...(shown === undefined ? {} : { note: shown }) };
}
