import type { NetworkManagerState, ProfileStorage } from '../../domain/dhcp-client.ts';
import type { GuestProbe, ProbeValues } from '../../domain/ports.ts';
import { readApplied } from './applied.ts';
import { readDhcpOptions, unescapeTerse } from './terse.ts';

/**
 * Starts from the device that bears the MAC and climbs to what stands above it (a bridge's port has the same
 * MAC and no IPv4 settings of its own). Profiles are named by uuid only: ids may hold anything, and
 * `nmcli -t` escapes neither quotes nor newlines.
 */
export const networkManagerProbe: GuestProbe<NetworkManagerState | undefined> = {
  section: 'nm',
  script: `
have nmcli || exit 0
[ "$(nmcli -t -f RUNNING general 2>/dev/null)" = running ] || exit 0
kv nm.version "$(nmcli -t -f VERSION general 2>/dev/null)"
devices=
for p in /sys/class/net/*; do
  [ "$(cat "$p/address" 2>/dev/null)" = "$1" ] || continue
  devices="$devices \${p##*/}"
  for u in "$p"/upper_*; do [ -e "$u" ] && devices="$devices \${u##*/upper_}"; done
done
n=0
for d in $(printf '%s\\n' $devices | awk 'NF && !seen[$0]++'); do
  uuid=$(nmcli -g GENERAL.CON-UUID device show "$d" 2>/dev/null)
  case $uuid in *[!0-9a-f-]*|'') continue ;; esac
  n=$((n + 1)); k=nm.$n
  kb $k.device "$d"
  kv $k.uuid "$uuid"
  path=$(nmcli -g GENERAL.DBUS-PATH device show "$d" 2>/dev/null)
  kb $k.path "$path"
  kb $k.state "$(nmcli -g GENERAL.STATE device show "$d" 2>/dev/null)"
  kb $k.id "$(nmcli -e no -g connection.id connection show "$uuid" 2>/dev/null)"
  kb $k.file "$(nmcli -e no -g UUID,FILENAME connection show 2>/dev/null | sed -n "s/^$uuid://p")"
  for s in method dhcp-hostname dhcp-send-hostname; do
    kb $k.saved.$s "$(nmcli -e no -g ipv4.$s connection show "$uuid" 2>/dev/null)"
  done
  kc $k.applied busctl --json=short call org.freedesktop.NetworkManager "$path" org.freedesktop.NetworkManager.Device GetAppliedConnection u 0
  kc $k.dhcp4 nmcli -t -f DHCP4 device show "$d"
done
o=0
for uuid in $(nmcli -g UUID,TYPE,AUTOCONNECT connection show 2>/dev/null | sed -n 's/:802-3-ethernet:yes$//p'); do
  name=$(nmcli -e no -g ipv4.dhcp-hostname connection show "$uuid" 2>/dev/null)
  [ -n "$name" ] || continue
  o=$((o + 1))
  kv nm.other.$o.uuid "$uuid"
  kb nm.other.$o.name "$name"
  kb nm.other.$o.interface "$(nmcli -e no -g connection.interface-name connection show "$uuid" 2>/dev/null)"
  kb nm.other.$o.file "$(nmcli -e no -g UUID,FILENAME connection show 2>/dev/null | sed -n "s/^$uuid://p")"
done`,
  parse(values) {
    for (let n = 1; values.has(`${n}.uuid`); n += 1) {
      if (values.get(`${n}.saved.method`) === 'auto') return state(values, n);
    }
    return undefined;
  },
};

function state(values: ProbeValues, n: number): NetworkManagerState {
  const get = (key: string) => values.get(`${n}.${key}`) ?? '';
  const file = get('file');
  const applied = get('applied.rc') === '0' ? readApplied(get('applied')) : undefined;
  const options = readDhcpOptions(get('dhcp4'));
  const expiry = Number(options.get('expiry'));
  return {
    kind: 'network-manager',
    version: values.get('version') ?? '',
    device: get('device'),
    devicePath: unescapeTerse(get('path')),
    activated: get('state').startsWith('100'),
    connection: { uuid: get('uuid'), id: get('id'), file, storage: storageOf(file) },
    savedName: get('saved.dhcp-hostname'),
    appliedName: applied?.name,
    appliedVersion: applied?.version,
    appliedTimeout: applied?.timeout ?? 0,
    // 1.42 prints yes or no, 1.52 prints -1 (default: yes), 0 or 1.
    sendsName: !['no', '0'].includes(get('saved.dhcp-send-hostname')),
    acknowledgedName: options.get('host_name'),
    leaseExpiresAt: Number.isFinite(expiry) && expiry > 0 ? new Date(expiry * 1000).toISOString() : undefined,
    otherNames: others(values, get('uuid'), get('device')),
  };
}

function others(values: ProbeValues, own: string, device: string): NetworkManagerState['otherNames'] {
  const found: { file: string; name: string }[] = [];
  for (let o = 1; values.has(`other.${o}.uuid`); o += 1) {
    const get = (key: string) => values.get(`other.${o}.${key}`) ?? '';
    if (get('uuid') === own || !['', device].includes(get('interface'))) continue;
    found.push({ file: get('file'), name: get('name') });
  }
  return found;
}

/** NetworkManager(8), keyfile plugin: the folder decides how long a profile lives. */
function storageOf(file: string): ProfileStorage {
  if (file.startsWith('/etc/')) return 'etc';
  if (file.startsWith('/usr/lib/')) return 'usr-lib';
  // An automatic profile is shown under /run too, but with the suffix that marks it as in memory only.
  return file === '' ? 'memory' : 'run';
}
