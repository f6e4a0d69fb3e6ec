import { isSince } from './release.ts';
import type { Item, OpnsenseState } from './state.ts';

/** A reservation of kea-dhcp4.conf, in Kea's own words. */
export interface KeaReservation {
  readonly 'ip-address'?: string;
  readonly hostname?: string;
  readonly 'hw-address'?: string;
  readonly 'client-id'?: string;
  /** Not read by Kea: the item's uuid, and its description where it has one. */
  readonly 'user-context': { readonly uuid: string; readonly description?: string };
}

/** A subnet of kea-dhcp4.conf. */
export interface KeaSubnet {
  readonly id: number;
  /** `10.2.20.0/24`. */
  readonly subnet: string;
  readonly 'next-server': string;
  readonly 'match-client-id': boolean;
  readonly 'option-data': readonly { readonly name: string; readonly data: string }[];
  readonly 'user-context': { readonly uuid: string };
  readonly pools: readonly { readonly pool: string }[];
  readonly reservations: readonly KeaReservation[];
}

/** The whole of kea-dhcp4.conf. */
export interface KeaConfiguration {
  readonly Dhcp4: Readonly<Record<string, unknown>> & { readonly subnet4: readonly KeaSubnet[] };
}

/**
 * What the product writes for Kea when it starts it (`generateConfig` of M/Kea/KeaDhcpv4.php), with the paths of FreeBSD. The
 * library of lease commands is loaded since 26.1.6, which asks Kea itself; before, where its control agent was on.
 */
export function keaConfiguration(state: OpnsenseState): KeaConfiguration {
  const asked = isSince(state.release, '26.1.6');
  const libraries = ['lease', 'host'].map((each) => ({
    library: `/usr/local/lib/kea/hooks/libdhcp_${each}_cmds.so`,
  }));
  return {
    Dhcp4: {
      'valid-lifetime': state.kea.validLifetime,
      'interfaces-config': {
        ...{ interfaces: state.interfaces.map(({ device }) => device), 'dhcp-socket-type': 'raw' },
        ...{ 'service-sockets-max-retries': 5, 'service-sockets-retry-wait-time': 5000 },
      },
      'lease-database': { type: 'memfile', persist: true },
      'control-socket': { 'socket-type': 'unix', 'socket-name': '/var/run/kea/kea4-ctrl-socket' },
      loggers: [{ name: 'kea-dhcp4', output_options: [{ output: 'syslog' }], severity: 'INFO' }],
      subnet4: state.kea.subnets.map((each, index) => ({
        ...{ id: index + 1, subnet: each.subnet, 'next-server': '', 'match-client-id': true },
        'option-data': Object.entries(each.options ?? {}).map(([name, data]) => ({ name, data })),
        'user-context': { uuid: each.uuid },
        pools: each.pools.split('\n').map((pool) => ({ pool })),
        reservations: state.kea.reservations
          .filter(({ subnet }) => subnet === each.uuid)
          .map((item) => reservationOf(item, state)),
      })),
      ...(asked ? { 'hooks-libraries': libraries } : {}),
    },
  };
}

/** Dashes are colons since 25.1.7. */
function reservationOf(item: Item, { release }: OpnsenseState): KeaReservation {
  const { uuid, ip_address = '', hostname = '', hw_address = '', client_id = '', description = '' } = item;
  const hardware = isSince(release, '25.1.7') ? hw_address.replaceAll('-', ':') : hw_address;
  return {
    ...(ip_address === '' ? {} : { 'ip-address': ip_address }),
    ...(hostname === '' ? {} : { hostname }),
    ...(hardware === '' ? {} : { 'hw-address': hardware }),
    ...(hardware === '' && client_id !== '' ? { 'client-id': client_id } : {}),
    'user-context': { uuid, ...(description === '' ? {} : { description }) },
  };
}
