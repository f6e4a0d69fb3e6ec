import type { DhcpcdState, NameRule } from '../../domain/dhcp-client.ts';
import type { GuestProbe, ProbeValues } from '../../domain/ports.ts';
import { legalRule, readConf } from './conf.ts';
import { clientIdOf, leaseEnd, readDump } from './lease.ts';

/**
 * The sockets tell how dhcpcd runs: `sock` is one process for all interfaces, `DEV-4.sock` and `DEV.sock` one for
 * this interface. `-U` is asked with the flag that belongs to the socket: a wrong one finds no daemon. The daemon
 * overwrites its command line, so another file than the usual one is looked for in its unit as well.
 */
export const dhcpcdProbe: GuestProbe<DhcpcdState | undefined> = {
  section: 'dhcpcd',
  script: `
r=/run/dhcpcd
[ -d $r ] && have dhcpcd || exit 0
kb dhcpcd.version "$(timeout 10 dhcpcd --version 2>/dev/null | head -n 1)"
kb dhcpcd.host "$(uname -n)"
kf dhcpcd.duid /var/lib/dhcpcd/duid
words() {
  while [ $# -gt 0 ]; do
    case $1 in
      -f|--config) case $2 in /*) printf '%s' "$2"; return ;; esac ;;
      --config=/*) printf '%s' "\${1#*=}"; return ;;
      -f/*) printf '%s' "\${1#-f}"; return ;;
    esac
    shift
  done
}
n=0
set -f
for d in $devices; do
  case $d in -*) continue ;; esac
  if [ -S "$r/$d-4.sock" ]; then w=interface; q=-4; pf=$r/$d-4.pid
  elif [ -S "$r/$d.sock" ]; then w=interface; q=; pf=$r/$d.pid
  elif [ -S $r/sock ]; then w=manager; q=-4; pf=$r/pid
  else continue
  fi
  p=$(cat "$pf" 2>/dev/null)
  case $p in *[!0-9]*|'') continue ;; esac
  [ "$(cat "/proc/$p/comm" 2>/dev/null)" = dhcpcd ] || continue
  pp=$(sed -n 's/^PPid:[^0-9]*//p' "/proc/$p/status")
  [ "$(cat "/proc/$pp/comm" 2>/dev/null)" != NetworkManager ] || continue
  n=$((n + 1)); k=dhcpcd.$n
  kb $k.device "$d"
  kv $k.mode $w
  kv $k.flag "$q"
  kv $k.pid "$p"
  kf $k.mac "/sys/class/net/$d/address"
  kc $k.dump dhcpcd -U $q "$d"
  [ $w = interface ] || kc $k.managed dhcpcd -U "$d"
  kv $k.since "$(stat -c %Y "/var/lib/dhcpcd/$d.lease" 2>/dev/null)"
  c=$(words $(tr '\\0' ' ' <"/proc/$p/cmdline"))
  if [ -z "$c" ] && have systemctl; then
    u=$(sed -n 's|.*/\\([^/]*\\.service\\)$|\\1|p' "/proc/$p/cgroup" | head -n 1)
    [ -n "$u" ] && c=$(words $(timeout 10 systemctl show --value -p ExecStart -- "$u" 2>/dev/null))
  fi
  [ -n "$c" ] || c=/etc/dhcpcd.conf
  kb $k.conf.path "$c"
  kf $k.conf.text "$c"
  [ $w = interface ] && have ifquery && kc $k.ifupdown ifquery -- "$d"
  if [ "$(readlink "/proc/$p/ns/uts")" != "$(readlink /proc/self/ns/uts)" ] && have nsenter; then
    kc $k.uts nsenter -t "$p" -u uname -n
  fi
done`,
  parse(values) {
    for (let n = 1; values.has(`${n}.device`); n += 1) {
      const state = readInterface(values, n);
      if (state !== undefined) return state;
    }
    return undefined;
  },
};

function readInterface(values: ProbeValues, n: number): DhcpcdState | undefined {
  const get = (key: string) => values.get(`${n}.${key}`) ?? '';
  const dump = get('dump.rc') === '0' ? get('dump') : '';
  const mode = get('mode') === 'interface' ? 'interface' : 'manager';
  // Of a device that it was told to leave alone a manager has nothing to say, and calls that success. dhcpcd 9
  // calls it failure where it runs no DHCPv6, after it has shown the link.
  if (mode === 'manager' && dump === '' && get('managed') === '') return undefined;
  const lease = readDump(dump);
  const activated = lease.has('ip_address');
  const file = get('conf.path');
  const { rule, short, clientId } = readConf(get('conf.text'), file, get('device'));
  const nextBoot = givenByIfupdown(get('ifupdown'), short) ?? rule;
  return {
    kind: 'dhcpcd',
    version: /^dhcpcd (\S+)/.exec(values.get('version') ?? '')?.[1] ?? '',
    device: get('device'),
    mode,
    ...(mode === 'interface' && get('flag') === '-4' ? { family: '4' as const } : {}),
    activated,
    acknowledgedName: lease.get('host_name'),
    leaseExpiresAt: activated ? leaseEnd(get('since'), lease.get('dhcp_lease_time')) : undefined,
    clientId: clientIdOf(clientId, get('mac'), values.get('duid') ?? ''),
    file,
    now: inOwnNamespace(values, n, nextBoot),
    nextBoot,
  };
}

/** ifupdown gives `hostname` of its stanza to dhcpcd as `-h`, which comes after the file (interfaces(5)). */
function givenByIfupdown(stanza: string, short: boolean): NameRule | undefined {
  const name = /^hostname: (.+)$/m.exec(stanza)?.[1];
  return name === undefined ? undefined : legalRule(name, short, '/etc/network/interfaces');
}

/**
 * A unit with ProtectHostname= (systemd.exec(5)), as on NixOS, gives the daemon a copy of the kernel's name that
 * no later change reaches.
 */
function inOwnNamespace(values: ProbeValues, n: number, rule: NameRule): NameRule {
  const own = values.get(`${n}.uts`)?.trim();
  if (rule.from !== 'transient' || values.get(`${n}.uts.rc`) !== '0') return rule;
  if (own === undefined || own === values.get('host')?.trim()) return rule;
  return legalRule(own, rule.cut, `/proc/${values.get(`${n}.pid`)}/ns/uts`);
}
