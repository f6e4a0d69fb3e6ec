import type { Evidence } from '../domain/evidence.ts';
import type { Exhibit, Finding, ProposedRemedy, Rule } from '../domain/finding.ts';
import type { Lease } from '../domain/lease.ts';
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
    if (lease === undefined) return undefined;
    if ((lease.name ?? '') === '') return sendsWanted(evidence) ? held(evidence, lease) : undefined;
    return isWanted(evidence, lease.name) ? promised(evidence, lease) : undefined;
  },
};

/** The other one has it: whoever asks gets none. */
function held(evidence: Evidence, lease: Lease): Finding | undefined {
  const { neighbours, snapshot, wanted } = evidence;
  const own = ownMacs(evidence);
  const holders = (seenValue(neighbours.leases) ?? []).filter(
    ({ mac, name }) => !own.has(mac) && isWanted(evidence, name),
  );
  const promises = promisesOf(evidence);
  const isPromised = ({ mac }: Lease) => promises.some((each) => each.mac === mac);
  const holder = holders.find(isPromised) ?? holders[0];
  if (holder === undefined) return undefined;
  const who = whoIs(evidence, holder.mac);
  const promise = promises.find(({ mac }) => mac === holder.mac);
  const reserved = promise === undefined ? '' : `, and by its reservation in ${promise.file} for good`;
  return {
    ...finding('fault'),
    summary: `${capital(who.text)} holds the name ${quoted(wanted)} at ${serverOf(evidence)} by its lease of ${holder.address}${reserved}, so the lease of ${lease.address} is left without one.`,
    evidence: [
      exhibit('name in the lease', lease.name, snapshot.lease),
      exhibit('name that the client would send now', nameOf(sent(evidence)), inGuest(evidence)),
      ...holders.flatMap(({ mac, address, name }) => [
        exhibit(`lease of ${mac} (${address})`, name, neighbours.leases),
        ...identity(evidence, mac),
      ]),
      ...(promise === undefined ? [] : [promise.exhibit]),
    ],
    remedies: [
      ...(promise === undefined
        ? [...giveUp(evidence, holder.mac, who), reservation(evidence)]
        : [unpromise(evidence, promise)]),
      ...renewals(evidence),
    ],
  };
}

/** It is reserved for another one that holds no lease now: that one takes it when it asks. */
function promised(evidence: Evidence, lease: Lease): Finding | undefined {
  const leasing = (seenValue(evidence.neighbours.leases) ?? []).map(({ mac }) => mac as string);
  const promise = promisesOf(evidence).find(({ mac }) => !leasing.includes(mac));
  if (promise === undefined) return undefined;
  const who = whoIs(evidence, promise.mac);
  return {
    ...finding('risk'),
    summary: `The name ${quoted(evidence.wanted)} is reserved in ${promise.file} for ${who.text.replace(/,$/, '')}: as soon as that leases an address, the lease of ${lease.address} is left without a name.`,
    evidence: [
      exhibit('name in the lease', lease.name, evidence.snapshot.lease),
      promise.exhibit,
      ...identity(evidence, promise.mac),
    ],
    remedies: [unpromise(evidence, promise)],
  };
}

function finding(severity: Finding['severity']): Pick<Finding, 'rule' | 'severity' | 'link'> {
  return { rule: nameHeldByOther.id, severity, link: nameHeldByOther.link };
}

interface Promised {
  readonly mac: string;
  readonly file: string;
  readonly exhibit: Exhibit;
}

/** The reservations of the name for other MAC addresses. */
function promisesOf(evidence: Evidence): Promised[] {
  const { neighbours, reservation: place } = evidence;
  const own = ownMacs(evidence);
  return listed(neighbours.reservations).flatMap(({ mac, name, file }): Promised[] => {
    if (mac === undefined || own.has(mac) || !isWanted(evidence, name)) return [];
    const shown = exhibit(`reservation of ${mac}`, name, neighbours.reservations ?? place);
    return [{ mac, file, exhibit: shown }];
  });
}

function unpromise(evidence: Evidence, { mac, file }: Promised): ProposedRemedy {
  const how = `Let the reservation of ${mac} in ${file} give another name, or take it away; dnsmasq reads its configuration at a restart and files of hosts at SIGHUP.`;
  const cost = { disruption: 'none', reach: 'segment', target: serverOf(evidence) } as const;
  return remedy(evidence, 'edit-reservation', cost, how);
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

function giveUp(evidence: Evidence, mac: string, { kind, vmid }: Identity): ProposedRemedy[] {
  if (kind === 'guest') {
    const how = `Let guest ${vmid} lease under a name of its own: \`truename doctor ${vmid}\` says why it does not, \`truename fix ${vmid}\` mends it.`;
    return [remedy(evidence, 'release-name', { disruption: 'renew', target: `guest ${vmid}` }, how)];
  }
  const find = kind === 'template' ? '' : `Find the machine with ${mac} and give it another name. `;
  const how = `${find}Where it is not in use any more, its lease goes when its time is over, or at once by \`dhcp_release\` on the server.`;
  const cost = { disruption: 'none', reach: 'segment', target: serverOf(evidence) } as const;
  return [remedy(evidence, 'release-lease', cost, how)];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
