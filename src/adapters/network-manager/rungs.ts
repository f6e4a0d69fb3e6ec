import { SourceError } from '../../domain/error.ts';
import type { DhcpClient } from '../../domain/ports.ts';
import type { DhcpClientRemedy, ProfileCopy } from '../../domain/remedy.ts';
import { bounce } from './bounce.ts';
import { networkManagerProbe } from './probe.ts';
import { restoreProfile } from './restore.ts';
import { runAsRoot } from './run.ts';

const bus = 'org.freedesktop.hostname1 /org/freedesktop/hostname1 org.freedesktop.hostname1';

/**
 * NetworkManager learns the static name from hostnamed once, and keeps it after a switch on NixOS; merely
 * asked to renew it sends the old one. A restarted hostnamed that was read once tells it anew.
 */
const refreshStatic = `systemctl try-restart systemd-hostnamed.service
timeout 10 busctl get-property ${bus} StaticHostname >/dev/null`;

/**
 * NetworkManager asks anew when a value of the copy in force changes, so the timeout is made one that this copy has
 * neither for IPv4 nor for IPv6, about as long as the profile has it; the default is 45 s (nm-settings(5)). It is not
 * put back: a reapply would take the rest of the copy back to the profile as well, and ask a second time. The next
 * activation does.
 */
const forceRenewal = `path=$(nmcli -e no -g GENERAL.DBUS-PATH device show "$1")
profile=$(nmcli -e no -g GENERAL.CON-UUID device show "$1")
applied=$(timeout 10 busctl --json=short call org.freedesktop.NetworkManager "$path" org.freedesktop.NetworkManager.Device GetAppliedConnection u 0)
saved=$(nmcli -e no -g ipv4.dhcp-timeout connection show uuid "$profile")
saved=\${saved%%[!0-9]*}
[ "\${saved:-0}" -ge 4 ] || saved=49
for less in 1 2 3; do
  seconds=$((saved - less))
  case $applied in *'"dhcp-timeout":{"type":"i","data":'$seconds'}'*) ;; *) break ;; esac
done
nmcli -w 20 device modify "$1" ipv4.dhcp-timeout "$seconds"`;

/** NetworkManager 1.42 and newer, by nmcli and busctl. */
export const networkManager: DhcpClient = {
  kind: 'network-manager',
  probe: networkManagerProbe,
  async apply(shell, remedy, signal) {
    const { script, args } = commandsOf(remedy);
    // The exit code says little (a no-op succeeds, a refused detail fails); what happened is read back.
    await runAsRoot(shell, script, args, signal);
  },
  restore: restoreProfile,
};

function commandsOf(remedy: DhcpClientRemedy): { script: string; args: readonly string[] } {
  switch (remedy.kind) {
    case 'refresh-static-name':
      return { script: `${refreshStatic}\n${forceRenewal}`, args: [remedy.device] };
    case 'set-profile-name':
      return change(remedy, { set: setName, value: remedy.name });
    case 'clear-profile-name': {
      const { script, args } = change(remedy, { set: setName, value: '' });
      return { script: remedy.knowsStaticName ? script : `${refreshStatic}\n${script}`, args };
    }
    case 'silence-profile':
      return change(remedy, { set: 'ipv4.dhcp-send-hostname "$3"', value: 'no' });
    case 'force-renewal':
      return { script: forceRenewal, args: [remedy.device] };
    case 'activate-connection':
      return {
        script: 'nmcli -w 45 connection up uuid "$2" ifname "$1"',
        args: [remedy.device, remedy.connection],
      };
    case 'bounce-connection':
      return bounce(remedy.device, remedy.connection);
    default:
      throw new SourceError('internal', 'NetworkManager', `${remedy.kind} is no step of NetworkManager's`);
  }
}

const setName = 'ipv4.dhcp-hostname "$3" $send';

/** A profile that is set to send no name would keep the name to itself; nmcli does not show the copy in force. */
const sendAgain: Readonly<Record<ProfileCopy, string>> = {
  'in-force': `send='ipv4.dhcp-send-hostname yes'`,
  saved: `case $(nmcli -e no -g ipv4.dhcp-send-hostname connection show uuid "$2") in
  no|0|false) send='ipv4.dhcp-send-hostname yes' ;;
  *) send= ;;
esac`,
};

/** A change of the copy in force asks by itself; one of the file does so when the file is applied. */
const changes: Readonly<Record<ProfileCopy, (set: string) => string>> = {
  'in-force': (set) => `nmcli -w 20 device modify "$1" ${set}`,
  saved: (set) => `nmcli -w 20 connection modify uuid "$2" ${set} && nmcli -w 20 device reapply "$1"`,
};

/** `$1` the device, `$2` the profile's uuid, `$3` the value. */
function change(
  { device, connection, copy }: { device: string; connection: string; copy: ProfileCopy },
  { set, value }: { set: string; value: string },
): { script: string; args: readonly string[] } {
  return {
    script: `${sendAgain[copy]}\n[ -n "$3" ] || send=\n${changes[copy](set)}`,
    args: [device, connection, value],
  };
}
