import type { NetworkManagerState, ProfileStorage } from '../../domain/dhcp-client.ts';
import type { GuestProbe, ProbeValues } from '../../domain/ports.ts';
import { readApplied } from './applied.ts';
import { clientIdOf } from './client-id.ts';
import { type ListedProfile, listColumns, readList, readSaved, savedFields } from './profiles.ts';
import { rivals } from './rivals.ts';
import { readDevice } from './terse.ts';

/**
 * Three nmcli and three busctl for one device, as a busctl costs a fifth of an nmcli; each further device is two
 * more. Profiles are named by uuid only: ids may hold anything. The profile in force need not be one that is
 * activated by itself, so it is asked for first.
 */
export const networkManagerProbe: GuestProbe<NetworkManagerState | undefined> = {
  section: 'nm',
  script: `
have nmcli || exit 0
nm() { timeout 10 nmcli "$@" 2>/dev/null | head -c 65536; }
# Asked so that a NetworkManager that is stopped stays so: get-property would start it.
property() { timeout 10 busctl --auto-start=no --json=short call org.freedesktop.NetworkManager "$1" org.freedesktop.DBus.Properties Get ss "$2" "$3" 2>/dev/null | sed -n 's/.*"data":"\\([^"]*\\)".*/\\1/p'; }
if have busctl; then version=$(property /org/freedesktop/NetworkManager org.freedesktop.NetworkManager Version)
else version=$(nm -t -f RUNNING,VERSION general | sed -n 's/^running://p'); fi
[ -n "$version" ] || exit 0
kb nm.version "$version"
list=$(nm -e no -g ${listColumns} connection show)
kb nm.list "$list"
set -f
n=0; own=
for d in $devices; do
  show=$(nm -t -f GENERAL.HWADDR,GENERAL.STATE,GENERAL.CON-UUID,GENERAL.DBUS-PATH,DHCP4 device show "$d")
  uuid=$(printf '%s\\n' "$show" | sed -n 's/^GENERAL\\.CON-UUID://p' | head -n 1)
  case $uuid in *[!0-9a-f-]*|'') continue ;; esac
  n=$((n + 1)); k=nm.$n; own="$own $uuid"
  kb $k.device "$d"
  kb $k.show "$show"
  file=$(printf '%s\\n' "$list" | sed -n "s/^$uuid:[^:]*:[^:]*://p" | head -n 1)
  [ -n "$file" ] && real=$(readlink -f "$file" 2>/dev/null) || real=$file
  [ "$real" = "$file" ] || kb $k.link "$real"
  case $file in /run/*) under=$(sed -n 's/^shadowed-storage=//p' "$file" 2>/dev/null | head -c 4096) ;; *) under= ;; esac
  case $under in /*)
    [ -f "$under" ] && under_name=$(sed -n '/^\\[ipv4]/,/^\\[/s/^dhcp-hostname=//p' "$under" 2>/dev/null | head -c 4096) || under_name=
    kb $k.under "$under"
    kb $k.under.name "$under_name" ;;
  esac
  path=$(printf '%s\\n' "$show" | sed -n 's/^GENERAL\\.DBUS-PATH://p' | head -n 1)
  have busctl && kc $k.applied busctl --json=short call org.freedesktop.NetworkManager "$path" org.freedesktop.NetworkManager.Device GetAppliedConnection u 0
done
[ $n -gt 0 ] || exit 0
others=$(printf '%s\\n' "$list" | sed -n 's/^\\([0-9a-f-]*\\):[^:]*:yes:.*/\\1/p' | head -n 64)
kc nm.saved nmcli -e no -g ${savedFields} connection show $(printf '%s\\n' $own $others | awk 'NF && !seen[$0]++ { print "uuid", $0 }')
if have busctl; then
  kv nm.hostname.rc 0
  kb nm.hostname "$(property /org/freedesktop/NetworkManager/Settings org.freedesktop.NetworkManager.Settings Hostname)"
else kc nm.hostname nmcli general hostname; fi`,
  parse(values) {
    const profiles = readList(values.get('list') ?? '');
    for (let n = 1; values.has(`${n}.device`); n += 1) {
      const found = state(values, n, profiles);
      if (found !== undefined) return found;
    }
    return undefined;
  },
};

/** Undefined where the device takes no address by DHCP: the port of a bridge, or one with a fixed address. */
function state(
  values: ProbeValues,
  n: number,
  profiles: ReadonlyMap<string, ListedProfile>,
): NetworkManagerState | undefined {
  const get = (key: string) => values.get(`${n}.${key}`) ?? '';
  const device = readDevice(get('show'));
  const listed = profiles.get(device.uuid);
  const saved = readSaved(values.get('saved') ?? '', device.uuid);
  if (listed === undefined || saved?.method !== 'auto') return undefined;
  const applied = get('applied.rc') === '0' ? readApplied(get('applied')) : undefined;
  const { file } = listed;
  const link = get('link');
  return {
    kind: 'network-manager',
    version: values.get('version') ?? '',
    device: get('device'),
    devicePath: device.path,
    activated: device.state === 100 && device.options.size > 0,
    connection: {
      uuid: device.uuid,
      id: saved.id,
      file,
      storage: storageOf(file),
      ...(link === '' ? {} : { linksTo: link }),
    },
    savedName: saved.name,
    appliedName: applied?.name,
    appliedVersion: applied?.version,
    appliedTimeout: applied?.timeout ?? 0,
    sendsName: saved.sendsName,
    ...(applied === undefined || applied.sendsName === saved.sendsName
      ? {}
      : { appliedSendsName: applied.sendsName }),
    fqdn: saved.fqdn,
    believedStatic: values.get('hostname.rc') === '0' ? values.get('hostname') : undefined,
    clientId: clientIdOf(device, saved.clientId),
    acknowledgedName: device.options.get('host_name'),
    leaseExpiresAt: expiry(device.options.get('expiry')),
    otherNames: [
      ...covered(get('under'), get('under.name')),
      ...rivals(profiles, (uuid) => readSaved(values.get('saved') ?? '', uuid), {
        ...device,
        device: get('device'),
        type: listed.type,
      }),
    ],
  };
}

/**
 * A change that is not to be saved goes into a copy below /run, which names the file that it covers and is gone at the
 * next boot (NetworkManager src/core/settings/plugins/keyfile/nms-keyfile-utils.h, `shadowed-storage`).
 */
function covered(file: string, name: string): NetworkManagerState['otherNames'] {
  return name === '' ? [] : [{ file, name }];
}

function expiry(text: string | undefined): string | undefined {
  if (text === undefined || !/^[1-9]\d{0,11}$/.test(text)) return undefined;
  return new Date(Number(text) * 1000).toISOString();
}

/** NetworkManager(8), keyfile plugin: the folder decides how long a profile lives. */
function storageOf(file: string): ProfileStorage {
  if (file.startsWith('/etc/')) return 'etc';
  if (file.startsWith('/usr/lib/')) return 'usr-lib';
  return file === '' ? 'memory' : 'run';
}
