import type { DhclientState } from '../../domain/dhcp-client.ts';
import type { GuestProbe, ProbeValues } from '../../domain/ports.ts';
import { readNameRule, sendsClientId } from './conf.ts';
import { clientIdFromDuid, type DhclientLease, readLastLease } from './leases.ts';

/**
 * Looks for processes called dhclient in this network namespace that have the device as an argument, and reads
 * the files that their command lines name. One that NetworkManager started is NetworkManager's affair.
 */
export const dhclientProbe: GuestProbe<DhclientState | undefined> = {
  section: 'dhclient',
  script: `
pids=$(grep -lx dhclient /proc/[0-9]*/comm 2>/dev/null | tr -cd '0-9\\n')
[ -n "$pids" ] || exit 0
kb dhclient.version "$(timeout 10 dhclient --version 2>&1 | head -n 1)"
kb dhclient.stanzas "$(grep -hsE '^[[:blank:]]*iface[[:blank:]]' /etc/network/interfaces /etc/network/interfaces.d/* | head -c 16384)"
first() { for each in "$@"; do [ -r "$each" ] && break; done; printf '%s' "$each"; }
behind() { printf '%s\\n' "$a" | awk -v w="$1" 'found { print; exit } $0 == w { found = 1 }'; }
usual=$(first /etc/dhcp/dhclient.conf /etc/dhclient.conf)
here=$(readlink /proc/self/ns/net)
n=0
set -f
for d in $devices; do
  for p in $pids; do
    a=$(tr '\\0' '\\n' <"/proc/$p/cmdline" 2>/dev/null)
    printf '%s\\n' "$a" | grep -qxF -e "$d" || continue
    printf '%s\\n' "$a" | grep -qx -e -6 && continue
    [ "$(readlink "/proc/$p/ns/net")" = "$here" ] || continue
    pp=$(sed -n 's/^PPid:[^0-9]*//p' "/proc/$p/status" 2>/dev/null)
    [ "$(cat "/proc/$pp/comm" 2>/dev/null)" != NetworkManager ] || continue
    n=$((n + 1)); k=dhclient.$n
    [ $n -le 8 ] || break
    kb $k.device "$d"
    kv $k.pid "$p"
    kb $k.arguments "$a"
    kf $k.mac "/sys/class/net/$d/address"
    kc $k.addresses ip -4 -o addr show dev "$d"
    l=$(behind -lf)
    [ -n "$l" ] || l=$(first /var/lib/dhcp/dhclient.leases /var/lib/dhclient/dhclient.leases /var/db/dhclient.leases)
    kb $k.leases "$(tail -c 16384 "$l" 2>/dev/null)"
    kb $k.duid "$(grep -m 1 '^default-duid ' "$l" 2>/dev/null)"
    c=$(behind -cf)
    kb $k.conf.path "\${c:-$usual}"
    kf $k.conf.text "\${c:-$usual}"
    kb $k.usual.path "$usual"
    kf $k.usual.text "$usual"
  done
done`,
  parse(values) {
    const device = values.get('1.device');
    if (device === undefined) return undefined;
    const get = (key: string) => values.get(`1.${key}`) ?? '';
    const lease = readLastLease(get('leases'), device);
    const now = readNameRule(get('conf.text'), get('conf.path'), device);
    return {
      kind: 'dhclient',
      version: /^isc-dhclient-(\S+)/.exec(values.get('version') ?? '')?.[1] ?? '',
      device,
      processes: processesFor(values, device),
      activated: lease?.address !== undefined && get('addresses').includes(` inet ${lease.address}/`),
      acknowledgedName: lease?.hostName,
      leaseExpiresAt: lease?.expiresAt,
      clientId: clientIdOf(device, lease, get),
      file: get('conf.path'),
      now,
      nextBoot: nextBoot(values, device) ?? now,
    };
  },
};

function processesFor(values: ProbeValues, device: string): number[] {
  const found = new Set<number>();
  for (let n = 1; values.has(`${n}.device`); n += 1) {
    const pid = values.get(`${n}.pid`) ?? '';
    if (values.get(`${n}.device`) === device && /^\d{1,7}$/.test(pid)) found.add(Number(pid));
  }
  return [...found];
}

function clientIdOf(
  device: string,
  lease: DhclientLease | undefined,
  get: (key: string) => string,
): string | undefined {
  if (lease?.clientId !== undefined) return lease.clientId;
  if (sendsClientId(get('conf.text'), device)) return undefined;
  return get('arguments').split('\n').includes('-i') ? clientIdFromDuid(get('duid'), get('mac')) : undefined;
}

/**
 * ifupdown starts dhclient without `-cf`, and only for a stanza with `dhcp`; undefined when it has none
 * (interfaces(5)).
 */
function nextBoot(values: ProbeValues, device: string): DhclientState['nextBoot'] | undefined {
  const stanzas = (values.get('stanzas') ?? '').split('\n').map((line) => line.trim().split(/\s+/));
  const own = stanzas.filter(([, name, family]) => name === device && family === 'inet');
  if (own.length === 0) return undefined;
  if (!own.some(([, , , method]) => method === 'dhcp')) {
    return { from: 'nothing', why: `/etc/network/interfaces does not give ${device} to DHCP` };
  }
  return readNameRule(values.get('1.usual.text') ?? '', values.get('1.usual.path') ?? '', device);
}
