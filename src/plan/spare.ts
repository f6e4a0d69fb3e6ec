import type { Evidence } from '../domain/evidence.ts';
import type { Mac } from '../domain/mac.ts';
import { sameName } from '../domain/name.ts';
import { seenValue } from '../domain/observation.ts';

/** Whatever bears this tag at the hypervisor is left alone unless it is named. */
export const ignoreTag = 'truename-ignore';

/** Machines that a site depends on. */
export interface Roles {
  /** Of the machine that runs Truename. */
  readonly own: { readonly macs: readonly Mac[]; readonly uuid?: string };
  /** DHCP servers, resolvers and hypervisors, by every name and address that is known of each. */
  readonly hosts: readonly {
    readonly role: string;
    readonly id: string;
    readonly hosts: readonly string[];
  }[];
}

/** Why a machine is only mended when it is named itself; undefined for all others. */
export function whySpared(evidence: Evidence, { own, hosts }: Roles): string | undefined {
  if (evidence.guest.tags.includes(ignoreTag)) return `it bears the tag ${ignoreTag}`;
  const configuration = seenValue(evidence.configuration);
  const macs = configuration?.nics.map((nic) => nic.mac) ?? [];
  const isSelf =
    (own.uuid !== undefined && configuration?.uuid === own.uuid) ||
    macs.some((mac) => own.macs.includes(mac));
  if (isSelf) return 'it is the machine that runs Truename';
  const known = identifiersOf(evidence);
  const found = hosts.find((each) => each.hosts.some((host) => known.some((one) => sameName(one, host))));
  return found === undefined ? undefined : `it is the ${found.role} ${found.id}`;
}

/** Everything under which the machine could be written in a configuration. */
function identifiersOf(evidence: Evidence): string[] {
  const { snapshot, fqdn, wanted, neighbours, agent } = evidence;
  const own = neighbours.nics.map(({ nic }) => nic.mac);
  const lease = seenValue(snapshot.lease)?.lease.address;
  const leased = seenValue(neighbours.leases)?.filter((each) => own.includes(each.mac)) ?? [];
  const inside = seenValue(snapshot.guest)?.interfaces.flatMap((each) => each.addresses) ?? [];
  const shown = seenValue(agent)?.flatMap((each) => each.addresses) ?? [];
  return [
    wanted,
    ...(fqdn === undefined ? [] : [fqdn]),
    ...(lease === undefined ? [] : [lease]),
    ...leased.map((each) => each.address),
    ...neighbours.nics.flatMap(({ nic }) => (typeof nic.ipv4 === 'object' ? [nic.ipv4.fixed] : [])),
    ...inside.map((each) => each.address),
    ...shown,
  ];
}
