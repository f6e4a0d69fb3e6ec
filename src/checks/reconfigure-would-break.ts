import { formatSubnet, inSubnet } from '../domain/address.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Finding, Rule } from '../domain/finding.ts';
import { sameName } from '../domain/name.ts';
import { seenValue } from '../domain/observation.ts';
import type { Reservation } from '../domain/reservation.ts';
import { exhibit, quoted, remedy } from './exhibits.ts';
import { listed, serverOf } from './network.ts';

/** D23: the machine's reservation is one that the server refuses, or passes over, when it reads its configuration again. */
export const reconfigureWouldBreak: Rule = {
  id: 'reconfigure-would-break',
  title: 'The machine’s reservation clashes with another one, or with its subnet.',
  link: 'reservation',
  follows: [],
  check({ evidence }) {
    const { nic, reservation, neighbours } = evidence;
    const isOwn = ({ mac }: Reservation) => mac === nic?.mac;
    const passedOver = listed(neighbours.reservations).find(
      (each) => each.passedOver === true && isOwn(each),
    );
    const own = seenValue(reservation) ?? passedOver;
    if (nic === undefined || own === undefined || !isOwn(own)) return undefined;
    return sameAddress(evidence, own) ?? outside(evidence, own) ?? sameMac(evidence, own);
  },
};

/** Two clients with one address: dnsmasq does not start with both in its configuration (src/option.c, one_opt). */
function sameAddress(evidence: Evidence, own: Reservation): Finding | undefined {
  const { address } = own;
  const others = listed(evidence.neighbours.reservations);
  const other = others.find((each) => address !== undefined && each.address === address && each !== own);
  if (other === undefined) return undefined;
  const server = serverOf(evidence);
  return finding(evidence, {
    severity: 'risk',
    summary: `${server} is told to give ${address} to ${who(own)} (${own.file}) and to ${who(other)} (${other.file}): with both in its configuration it will not start again, and in a file of hosts it passes over the second.`,
    pair: [own, other],
    how: `Give one of the two another address, or none, before ${server} is restarted.`,
  });
}

/** An address that no lease of the segment can have is passed over (dnsmasq src/dhcp.c, narrow_context). */
function outside(evidence: Evidence, own: Reservation): Finding | undefined {
  const { segment } = evidence;
  const subnet = segment?.subnet;
  if (own.address === undefined || subnet === undefined || inSubnet(own.address, subnet)) return undefined;
  return finding(evidence, {
    severity: 'risk',
    summary: `${own.file} reserves ${own.address} for ${who(own)}, which is not in ${formatSubnet(subnet)}, the subnet of ${segment?.name}: its server passes the address over, or refuses it.`,
    pair: [own],
    how: `Reserve an address in ${formatSubnet(subnet)}, or none; or correct the subnet of ${segment?.name} in truename.yaml.`,
  });
}

/** Of several for one MAC address the last one counts, so their order rules. */
function sameMac(evidence: Evidence, own: Reservation): Finding | undefined {
  const overruled = listed(evidence.neighbours.reservations).find(
    (each) => each.mac === own.mac && !(sameName(each.name, own.name) && each.address === own.address),
  );
  if (overruled === undefined) return undefined;
  return finding(evidence, {
    severity: 'notice',
    summary: `${serverOf(evidence)} has two reservations for ${own.mac}: ${said(own)} (${own.file}), which counts, and ${said(overruled)} (${overruled.file}); where their order changes, the other one does.`,
    pair: [own, overruled],
    how: `Take the one in ${overruled.file} away where it is not meant any more.`,
  });
}

interface Clash {
  readonly severity: Finding['severity'];
  readonly summary: string;
  readonly pair: readonly Reservation[];
  readonly how: string;
}

function finding(evidence: Evidence, { severity, summary, pair, how }: Clash): Finding {
  const { reservation, neighbours } = evidence;
  const target = serverOf(evidence);
  return {
    rule: reconfigureWouldBreak.id,
    severity,
    link: reconfigureWouldBreak.link,
    summary,
    evidence: pair.map((each, at) =>
      exhibit(
        `reservation in ${each.file}`,
        `${who(each)} ${each.address ?? ''}`.trim(),
        at === 0 ? reservation : (neighbours.reservations ?? reservation),
      ),
    ),
    remedies: [remedy(evidence, 'edit-reservation', { disruption: 'none', reach: 'segment', target }, how)],
  };
}

function who({ mac, clientId, name }: Reservation): string {
  const whose = mac ?? (clientId === undefined ? undefined : `client id ${clientId}`);
  if (whose === undefined) return quoted(name);
  return name === undefined ? whose : `${whose} (${quoted(name)})`;
}

function said({ name, address }: Reservation): string {
  return address === undefined ? quoted(name) : `${quoted(name)} with ${address}`;
}
