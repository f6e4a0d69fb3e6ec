import { isIPv6 } from 'node:net';
import { parted } from './host.ts';
import { isSince, type Release } from './release.ts';
import type { Item, OpnsenseState } from './state.ts';

/** The rows of a lease file, expired ones too, and no name as `*` (opnsense/core S/dnsmasq/get_dnsmasq_leases.py). */
export function leaseRows(file: string, state: OpnsenseState): Readonly<Record<string, unknown>>[] {
  const [first] = state.interfaces;
  const on =
    first === undefined
      ? { if_descr: '', if_name: '' }
      : { if: first.device, if_descr: first.description, if_name: first.name };
  return file
    .split('\n')
    .map((line) => line.split(' '))
    .filter((words) => words.length === 5)
    .map(([expire, identity = '', address = '', hostname, clientId = '']) => {
      const six = isIPv6(address);
      const hwaddr = six ? '' : identity;
      const row = {
        expire: Number(expire),
        hwaddr,
        iaid: six ? identity : '',
        address,
        hostname,
        client_id: clientId,
      };
      return { ...row, ...on, mac_info: '', ...reservedIn(state.hosts, row, state.release) };
    });
}

/**
 * Whether the client is in any host entry, whatever its address: not said before 25.1.8, "0" or "1" up to 26.1.4 and in the
 * case that was typed before 26.1.1, and since by what it was known (C/Dnsmasq/Api/LeasesController.php).
 */
function reservedIn(
  hosts: readonly Item[],
  { hwaddr, client_id }: { readonly hwaddr: string; readonly client_id: string },
  release: Release,
): { readonly is_reserved?: string | readonly string[] } {
  if (!isSince(release, '25.1.8')) return {};
  const spelled = (text: string) => (isSince(release, '26.1.1') ? text.toLowerCase() : text);
  const macs = hosts.flatMap((each) => parted(each.hwaddr)).map(spelled);
  const anyClient = client_id === '*' && isSince(release, '26.1.6');
  const byClient = client_id !== '' && !anyClient && hosts.some((each) => each.client_id === client_id);
  const by = [...(byClient ? ['client_id'] : []), ...(macs.includes(spelled(hwaddr)) ? ['hwaddr'] : [])];
  if (isSince(release, '26.1.5')) return { is_reserved: by };
  return { is_reserved: by.length > 0 ? '1' : '0' };
}
