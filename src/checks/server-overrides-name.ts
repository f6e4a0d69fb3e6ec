import type { Evidence } from '../domain/evidence.ts';
import type { Rule } from '../domain/finding.ts';
import { firstLabel, sameName } from '../domain/name.ts';
import { type Observation, seenValue, type Where } from '../domain/observation.ts';
import type { Reservation } from '../domain/reservation.ts';
import { exhibit, inGuest, isWanted, leaseOf, nameOf, quoted, remedy, renaming, sent } from './exhibits.ts';
import { listed, serverOf } from './network.ts';

/** D21: the server was told to give the machine another name, and what the client sends counts for nothing. */
export const serverOverridesName: Rule = {
  id: 'server-overrides-name',
  title: 'The DHCP server reserves another name for this machine.',
  link: 'reservation',
  follows: [],
  check({ evidence }) {
    const lease = leaseOf(evidence);
    const found = ruling(evidence);
    if (lease === undefined || found === undefined || isWanted(evidence, found.reservation.name))
      return undefined;
    const { name, file } = found.reservation;
    const server = serverOf(evidence);
    const borne = sameName(firstLabel(lease.name), firstLabel(name));
    const sends = sent(evidence);
    return {
      rule: serverOverridesName.id,
      severity: borne ? 'fault' : 'risk',
      link: serverOverridesName.link,
      summary: borne
        ? `${server} reserves the name ${quoted(name)} for this machine (${file}), so the lease of ${lease.address} bears that, whatever the guest sends.`
        : `${server} reserves the name ${quoted(name)} for this machine (${file}); the lease of ${lease.address} will bear that as soon as the server has read it or the guest asks again.`,
      evidence: [
        exhibit(`reservation of ${found.by}`, name, found.where),
        exhibit('name in the lease', lease.name, evidence.snapshot.lease),
        ...(sends === undefined
          ? []
          : [exhibit('name that the client would send now', nameOf(sends), inGuest(evidence))]),
      ],
      remedies: [
        remedy(
          evidence,
          'edit-reservation',
          { disruption: 'none', reach: 'segment', target: server },
          `Let the reservation of ${found.by} in ${file} say ${quoted(evidence.wanted)}; dnsmasq reads its configuration at a restart and files of hosts at SIGHUP, and renames the living lease at once. Taken away, it leaves the name in the lease until the guest asks again.`,
        ),
        ...renaming(evidence, name ?? ''),
      ],
    };
  },
};

interface Ruling {
  readonly reservation: Reservation;
  readonly where: Where;
  /** Whose it is, for people. */
  readonly by: string;
}

/** That of the client identifier counts before that of the MAC address (dnsmasq src/dhcp-common.c, find_config). */
function ruling(evidence: Evidence): Ruling | undefined {
  const { neighbours, reservation, nic } = evidence;
  const identity = clientIdOf(evidence);
  const byId = listed(neighbours.reservations).find(
    ({ clientId, name }) =>
      clientId !== undefined && clientId.toLowerCase() === identity && name !== undefined,
  );
  if (byId !== undefined)
    return {
      reservation: byId,
      where: neighbours.reservations as Observation<unknown>,
      by: `the client identifier ${identity}`,
    };
  const own = seenValue(reservation);
  if (own?.name === undefined) return undefined;
  return { reservation: own, where: reservation, by: nic?.mac ?? 'the MAC address' };
}

function clientIdOf(evidence: Evidence): string | undefined {
  const view = seenValue(evidence.snapshot.guest);
  return (view?.client?.clientId ?? leaseOf(evidence)?.clientId)?.toLowerCase();
}
