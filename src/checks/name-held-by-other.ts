import type { Evidence } from '../domain/evidence.ts';
import type { Exhibit, ProposedRemedy, Rule } from '../domain/finding.ts';
import { seenValue } from '../domain/observation.ts';
import {
  exhibit,
  inGuest,
  isWanted,
  leaseOf,
  nameOf,
  quoted,
  remedy,
  sendsWanted,
  sent,
} from './exhibits.ts';
import { listed, ownMacs, serverOf } from './network.ts';
import { renewals, reservation } from './proposals.ts';

/** D08: the machine asks for its name, and gets none, for somebody else has it at the server. */
export const nameHeldByOther: Rule = {
  id: 'name-held-by-other',
  title: 'Another machine holds the name at the DHCP server.',
  link: 'lease',
  follows: ['name-not-legal', 'duplicate-client-id'],
  check({ evidence }) {
    const lease = leaseOf(evidence);
    if (lease === undefined || (lease.name ?? '') !== '' || !sendsWanted(evidence)) return undefined;
    const holders = holdersOf(evidence);
    const [first] = holders;
    if (first === undefined) return undefined;
    const who = whoIs(evidence, first.mac);
    return {
      rule: nameHeldByOther.id,
      severity: 'fault',
      link: nameHeldByOther.link,
      summary: `${capital(who.text)} holds the name ${quoted(evidence.wanted)} at ${serverOf(evidence)} by ${first.by}, so the lease of ${lease.address} is left without one.`,
      evidence: [
        exhibit('name in the lease', lease.name, evidence.snapshot.lease),
        exhibit('name that the client would send now', nameOf(sent(evidence)), inGuest(evidence)),
        ...holders.flatMap((each) => each.exhibits),
      ],
      remedies: [...giveUp(evidence, first, who), reservation(evidence), ...renewals(evidence)],
    };
  },
};

interface Holder {
  readonly mac: string;
  /** By what it holds the name, for people. */
  readonly by: string;
  readonly reserved: boolean;
  readonly exhibits: readonly Exhibit[];
}

/** A reservation counts first: a name that the server was told to give away nobody else gets by asking. */
function holdersOf(evidence: Evidence): Holder[] {
  const { neighbours } = evidence;
  const own = ownMacs(evidence);
  const reserved = listed(neighbours.reservations).flatMap(({ mac, name, file }): Holder[] => {
    if (mac === undefined || own.has(mac) || !isWanted(evidence, name)) return [];
    const seen = neighbours.reservations ?? evidence.reservation;
    const by = `its reservation in ${file}`;
    return [
      {
        mac,
        by,
        reserved: true,
        exhibits: [exhibit(`reservation of ${mac}`, name, seen), ...identity(evidence, mac)],
      },
    ];
  });
  const leased = (seenValue(neighbours.leases) ?? []).flatMap(({ mac, name, address }): Holder[] => {
    if (own.has(mac) || !isWanted(evidence, name)) return [];
    const what = `lease of ${mac} (${address})`;
    return [
      {
        mac,
        by: `its lease of ${address}`,
        reserved: false,
        exhibits: [exhibit(what, name, neighbours.leases), ...identity(evidence, mac)],
      },
    ];
  });
  return [...reserved, ...leased];
}

function identity({ neighbours: { holders } }: Evidence, mac: string): Exhibit[] {
  if (holders === undefined || holders.seen === 'not-observable') return [];
  const guest = listed(holders).find((each) => each.mac === mac);
  return [
    exhibit(
      `guest with ${mac}`,
      guest && `${guest.ref.node}/${guest.ref.vmid} ${guest.name ?? ''}`.trim(),
      holders,
    ),
  ];
}

interface Identity {
  readonly kind: 'guest' | 'template' | 'nobody' | 'unknown';
  readonly text: string;
  readonly vmid?: number;
}

function whoIs({ neighbours: { holders } }: Evidence, mac: string): Identity {
  if (holders === undefined || holders.seen === 'not-observable')
    return { kind: 'unknown', text: `the machine with ${mac}` };
  const guest = listed(holders).find((each) => each.mac === mac);
  if (guest === undefined)
    return { kind: 'nobody', text: `the machine with ${mac}, which is no guest that the hypervisor shows,` };
  const { template, name, ref } = guest;
  const kind = template ? 'template' : 'guest';
  return { kind, text: `the ${kind} ${ref.vmid} (${quoted(name)})`, vmid: ref.vmid };
}

function giveUp(
  evidence: Evidence,
  { mac, reserved, by }: Holder,
  { kind, vmid }: Identity,
): ProposedRemedy[] {
  const server = serverOf(evidence);
  if (reserved) {
    const how = `Give ${mac} another name in ${by}, or take that away; dnsmasq reads its configuration at a restart and files of hosts at SIGHUP.`;
    return [
      remedy(evidence, 'edit-reservation', { disruption: 'none', reach: 'segment', target: server }, how),
    ];
  }
  if (kind === 'guest') {
    const how = `Let guest ${vmid} lease under a name of its own: \`truename doctor ${vmid}\` says why it does not, \`truename fix ${vmid}\` mends it.`;
    return [remedy(evidence, 'release-name', { disruption: 'renew', target: `guest ${vmid}` }, how)];
  }
  const find = kind === 'template' ? '' : `Find the machine with ${mac} and give it another name. `;
  const how = `${find}Where it is not in use any more, its lease goes when its time is over, or at once by \`dhcp_release\` on the server.`;
  return [remedy(evidence, 'release-lease', { disruption: 'none', reach: 'segment', target: server }, how)];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
