import type { Call } from './call.ts';
import { recordsetGrid } from './grid.ts';
import { type ApiResponse, json, phpMap } from './message.ts';
import { isSince } from './release.ts';
import type { OpnsenseState } from './state.ts';
import type { KeaLease, KeaWorld } from './world.ts';

type Row = Readonly<Record<string, unknown>>;

/**
 * `kea/leases4/search` (C/Kea/Api/LeasesController.php). Since 26.1.6 Kea itself is asked, so that a stopped one has no rows,
 * with status 200; before, its file was read, whoever ran. Statistics since 26.1.11.
 */
export async function searchKeaLeases({ state, world, posted }: Call): Promise<ApiResponse> {
  const live = isSince(state.release, '26.1.6');
  const [first] = state.interfaces;
  const on =
    first === undefined
      ? { if: null, if_descr: '', if_name: '' }
      : { if: first.device, if_descr: first.description, if_name: first.name };
  const found = live ? await socketRows(world.kea) : fileRows((await world.kea?.leaseFile()) ?? '');
  const rows = found.map((row) => ({ ...row, ...on, mac_info: '', ...reservedIn(state, row) }));
  const interfaces = rows.length === 0 ? [] : state.interfaces.slice(0, 1);
  const active = rows.filter((row: Row) => row.state === 0).length;
  const stats = { active, inactive: rows.length - active, total: rows.length };
  return json({
    ...recordsetGrid(rows, posted),
    interfaces: phpMap(interfaces.map(({ name, description }) => [name, description] as const)),
    ...(isSince(state.release, '26.1.11') ? { stats } : {}),
  });
}

/** S/kea/get_kea_leases.py since 26.1.6: numbers are numbers, and keys are those of both families. */
async function socketRows(kea: KeaWorld | undefined): Promise<Row[]> {
  return ((await kea?.leases()) ?? []).map((lease: KeaLease) => ({
    ...{ address: lease['ip-address'], prefix_len: 128, type: '', hwaddr: lease['hw-address'], duid: '' },
    ...{ client_id: lease['client-id'], iaid: '', valid_lifetime: lease['valid-lft'] },
    ...{ expire: lease.cltt + lease['valid-lft'], hostname: lease.hostname, state: lease.state },
  }));
}

/**
 * S/kea/get_kea_leases.py before 26.1.6: all values are texts. Of an address and a MAC address together the last line holds, at
 * the place of the first; what another MAC address had there before stays a row.
 */
function fileRows(text: string): Row[] {
  const [header = [], ...lines] = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(','));
  const rows = new Map<string, Row>();
  for (const line of lines)
    rows.set(
      line.slice(0, 2).join(','),
      Object.fromEntries(line.map((value, index) => [header[index] ?? '', value])),
    );
  return [...rows.values()];
}

/** Not said before 25.7.9, "0" or "1" up to 26.1.5, and since by what the client was known. */
function reservedIn(
  { kea, release }: OpnsenseState,
  { hwaddr, client_id }: Row,
): { readonly is_reserved?: string | readonly string[] } {
  if (!isSince(release, '25.7.9')) return {};
  const has = (field: string, value: unknown) =>
    value !== '' &&
    kea.reservations.some((each) => each[field]?.toLowerCase() === String(value).toLowerCase());
  const by = [
    ...(has('client_id', client_id) ? ['client_id'] : []),
    ...(has('hw_address', hwaddr) ? ['hwaddr'] : []),
  ];
  if (isSince(release, '26.1.6')) return { is_reserved: by };
  return { is_reserved: by.length > 0 ? '1' : '0' };
}

/** `kea/leases4/del_lease`, since 26.1.6: each of the addresses is tried (S/kea/del_kea_leases.py), and one failure is all. */
export async function delKeaLease({ method, world, parameters: [given = ''] }: Call): Promise<ApiResponse> {
  if (method !== 'POST') return json({ status: 'error', message: 'Invalid request' });
  let gone = true;
  for (const address of given.split(',').filter((each) => each !== ''))
    gone = ((await world.kea?.forget(address)) ?? false) && gone;
  if (gone) return json({ status: 'ok' });
  const errorMessage = 'Failed to delete lease.';
  return json({ errorMessage, errorTitle: 'Kea DHCP', errorLevel: 'error' }, 500);
}
