import type { Call, Endpoint } from './call.ts';
import { modelGrid, recordsetGrid } from './grid.ts';
import { emptyHost, hostList } from './host.ts';
import { addItem, delItem, setItem } from './item-writes.ts';
import { leaseRows } from './leases.ts';
import { type ApiResponse, json, phpMap } from './message.ts';
import { isSince } from './release.ts';
import { render } from './render.ts';
import type { Item } from './state.ts';

/** `api/dnsmasq`: C/Dnsmasq/Api/{Settings,Leases,Service}Controller.php. */
export const dnsmasqEndpoints: Readonly<Record<string, Endpoint>> = {
  'dnsmasq/settings/get': { needs: 0, answer: settings },
  'dnsmasq/settings/searchhost': { needs: 0, answer: searchHost },
  'dnsmasq/settings/gethost': { needs: 0, answer: getHost },
  'dnsmasq/settings/addhost': { needs: 0, answer: addItem(hostList) },
  'dnsmasq/settings/sethost': { needs: 1, answer: setItem(hostList) },
  'dnsmasq/settings/delhost': { needs: 1, answer: delItem(hostList) },
  'dnsmasq/leases/search': { needs: 0, answer: searchLeases },
  'dnsmasq/service/status': { needs: 0, answer: status },
  'dnsmasq/service/reconfigure': { needs: 0, answer: reconfigure },
};

/** Lists of items are maps by uuid, and PHP's `[]` where there are none. */
function settings({ state: { dnsmasq, hosts } }: Call): ApiResponse {
  const ranges = dnsmasq.ranges.map((each, index) => [uuidOf(index), each] as const);
  const listed = hosts.map((each) => [each.uuid, each] as const);
  return json({
    dnsmasq: {
      ...{ enable: dnsmasq.enable ? '1' : '0', port: dnsmasq.port, dhcp: { domain: dnsmasq.domain } },
      ...{ dhcp_ranges: phpMap(ranges), hosts: phpMap(listed) },
    },
  });
}

function uuidOf(index: number): string {
  return `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
}

function searchHost({ state, posted, query }: Call): ApiResponse {
  return json(modelGrid(state.hosts, posted, query));
}

/** An unknown uuid is `[]`; without one it is the form of a new entry. Lists are maps of their parts. */
function getHost({ state, parameters: [uuid] }: Call): ApiResponse {
  const found = state.hosts.find((each) => each.uuid === uuid);
  if (uuid !== undefined && found === undefined) return json([]);
  const fields: Record<string, string> = { ...emptyHost(state.release), ...found };
  return json({
    host: Object.fromEntries(Object.entries(fields).flatMap(([key, value]) => shownField(key, value))),
  });
}

const lists = new Set(['ip', 'hwaddr', 'cnames', 'aliases', 'set_tag']);

function shownField(key: string, value: string): (readonly [string, unknown])[] {
  if (key === 'uuid') return [];
  if (!lists.has(key)) return [[key, value]];
  if (value === '' && key === 'set_tag') return [[key, []]];
  return [[key, Object.fromEntries(value.split(',').map((each) => [each, { value: each, selected: 1 }]))]];
}

/** Of the body alone; interfaces of the rows, `[]` where there are none (`searchRecordsetBase`). */
async function searchLeases({ state, world, posted }: Call): Promise<ApiResponse> {
  const rows = leaseRows(await world.leaseFile(), state);
  const wanted = posted.selected_protocol;
  const heeded = isSince(state.release, '25.1.7') ? wanted : undefined;
  const six = (row: Readonly<Record<string, unknown>>) => String(row.address).includes(':');
  const kept = rows.filter(
    (row) => (heeded !== 'ipv4' && heeded !== 'ipv6') || six(row) === (heeded === 'ipv6'),
  );
  const interfaces = rows.length === 0 ? [] : state.interfaces.slice(0, 1);
  return json({
    ...recordsetGrid(kept, posted),
    interfaces: phpMap(interfaces.map(({ name, description }) => [name, description] as const)),
  });
}

/** C/Base/ApiMutableServiceControllerBase.php, `statusAction`. */
async function status({ state, world }: Call): Promise<ApiResponse> {
  const off = state.dnsmasq.enable ? 'stopped' : 'disabled';
  return json({ status: (await world.running()) ? 'running' : off, widget: {} });
}

/** It is stopped and started with what is configured; `ok` whether or not it started (A/actions_dnsmasq.conf). */
async function reconfigure({ method, state, world }: Call): Promise<ApiResponse> {
  if (method !== 'POST') return json({ status: 'failed' });
  const hosts: readonly Item[] = state.hosts;
  await world.apply(render(hosts, state.release));
  return json({ status: 'ok' });
}
