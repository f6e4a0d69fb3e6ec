import type { Call, Endpoint } from './call.ts';
import { recordsetGrid } from './grid.ts';
import { type ApiResponse, failed, json, phpMap } from './message.ts';
import type { OpnsenseState } from './state.ts';

type Row = Readonly<Record<string, unknown>>;

/** ISC DHCP: in the product until 25.7.11, a plugin since (opnsense/plugins net/isc-dhcp). It reads; no action writes a static mapping. */
export const iscEndpoints: Readonly<Record<string, Endpoint>> = {
  'dhcpv4/service/status': {
    needs: 0,
    answer: ({ state: { isc } }) => json({ status: isc === undefined ? 'disabled' : 'running', widget: {} }),
  },
  'dhcpv4/leases/searchlease': { needs: 0, answer: searchLeases },
  'dhcpv4/leases/dellease': { needs: 1, answer: delLease },
};

/** Static mappings are rows as well, so that a client that has one and a lease is there twice (DHCPv4/Api/LeasesController.php). */
function searchLeases({ state, posted }: Call): ApiResponse {
  const rows = rowsOf(state, posted.inactive === '1');
  const interfaces = rows.length === 0 ? [] : state.interfaces.slice(0, 1);
  return json({
    ...recordsetGrid(rows, posted),
    interfaces: phpMap(interfaces.map(({ name, description }) => [name, description] as const)),
  });
}

/** Times are texts in the firewall's own zone, which nothing names; what a static mapping has no word for is an empty text. */
function rowsOf({ isc, interfaces: [first] }: OpnsenseState, expiredToo: boolean): Row[] {
  const on = { if: first?.name ?? '', if_descr: first?.description ?? '' };
  const mapped = (isc?.mappings ?? []).map(({ address, mac, hostname, descr }) => ({
    ...{ address, type: 'static', mac, starts: '', ends: '', hostname, descr },
    ...{ ...on, state: 'active', status: 'offline', man: '' },
  }));
  const leased = (isc?.leases ?? []).map(({ address, mac, hostname, starts, ends, state }) => ({
    ...{ address, starts, ends, binding: state, 'client-hostname': hostname, type: 'dynamic' },
    ...{ status: 'online', descr: '', mac, hostname, state, man: '', ...on },
  }));
  return [...mapped, ...leased.filter(({ state }) => expiredToo || state === 'active')];
}

/** The daemon is killed, its file is rewritten, and it is started again (scripts/dhcp/cleanup_leases4.php). */
function delLease({ method, state, parameters: [address] }: Call): ApiResponse {
  const { isc } = state;
  if (method !== 'POST' || isc === undefined) return failed;
  const left = isc.leases.filter((each) => each.address !== address);
  const result = left.length < isc.leases.length ? 'deleted' : 'failed';
  isc.leases = left;
  return json({ result });
}
