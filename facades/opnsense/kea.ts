import type { Call, Endpoint } from './call.ts';
import { modelGrid } from './grid.ts';
import { addItem, delItem, setItem } from './item-writes.ts';
import { keaConfiguration } from './kea-configuration.ts';
import { delKeaLease, searchKeaLeases } from './kea-leases.ts';
import { reservationList, subnetOf } from './kea-reservation.ts';
import { type ApiResponse, json, phpMap } from './message.ts';
import { isSince } from './release.ts';

/** `api/kea`, for IPv4: C/Kea/Api/{Dhcpv4,Leases4,Leases,Service}Controller.php. */
export const keaEndpoints: Readonly<Record<string, Endpoint>> = {
  'kea/dhcpv4/get': { needs: 0, answer: settings },
  'kea/dhcpv4/searchsubnet': { needs: 0, answer: searchSubnet },
  'kea/dhcpv4/searchreservation': { needs: 0, answer: searchReservation },
  'kea/dhcpv4/getreservation': { needs: 0, answer: getReservation },
  'kea/dhcpv4/addreservation': { needs: 0, answer: addItem(reservationList) },
  'kea/dhcpv4/setreservation': { needs: 1, answer: setItem(reservationList) },
  'kea/dhcpv4/delreservation': { needs: 1, answer: delItem(reservationList) },
  'kea/leases4/search': { needs: 0, answer: searchKeaLeases },
  'kea/leases4/dellease': { needs: 1, since: '26.1.6', answer: delKeaLease },
  'kea/service/status': { needs: 0, answer: status },
  'kea/service/reconfigure': { needs: 0, answer: reconfigure },
};

/** General settings and no lists (C/Kea/Api/Dhcpv4Controller.php, `getAction`). */
function settings({ state: { kea, name } }: Call): ApiResponse {
  const general = { enabled: kea.enabled ? '1' : '0' };
  return json({ dhcpv4: { general, ha: { enabled: '0' }, this_hostname: name.split('.')[0] } });
}

function searchSubnet({ state, posted, query }: Call): ApiResponse {
  return json(modelGrid(state.kea.subnets, posted, query));
}

/** A relation's value is its uuid, with its text beside; before 25.7 the text alone (L/Base/UIModelGrid.php). */
function searchReservation({ state, posted, query }: Call): ApiResponse {
  const labelled = isSince(state.release, '25.7');
  const rows = state.kea.reservations.map((item) => {
    const label = subnetOf(state, item.subnet) ?? '';
    return labelled ? { ...item, '%subnet': label } : { ...item, subnet: label };
  });
  return json(modelGrid(rows, posted, query));
}

/** An unknown uuid is `[]`; without one it is the form of a new one. The subnet is a map of all there are. */
function getReservation({ state, parameters: [wanted] }: Call): ApiResponse {
  const found = state.kea.reservations.find((each) => each.uuid === wanted);
  if (wanted !== undefined && found === undefined) return json([]);
  const { uuid: _, ...fields } = { uuid: '', ...reservationList.empty(state.release), ...found };
  const subnets = state.kea.subnets.map(({ uuid, subnet }) => {
    return [uuid, { value: subnet, selected: found?.subnet === uuid ? 1 : 0 }] as const;
  });
  return json({ reservation: { ...fields, subnet: phpMap(subnets) } });
}

/** C/Base/ApiMutableServiceControllerBase.php, `statusAction`. */
async function status({ state, world }: Call): Promise<ApiResponse> {
  const off = state.kea.enabled ? 'stopped' : 'disabled';
  return json({ status: (await world.kea?.running()) === true ? 'running' : off, widget: {} });
}

/** It is stopped and, where it is enabled, started; `ok` whether or not it started (C/Kea/Api/ServiceController.php). */
async function reconfigure({ method, state, world }: Call): Promise<ApiResponse> {
  if (method !== 'POST') return json({ status: 'failed' });
  await world.kea?.apply(state.kea.enabled ? keaConfiguration(state) : undefined);
  return json({ status: 'ok' });
}
