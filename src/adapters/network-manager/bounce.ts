/**
 * What the unit of a bounce does: takes the device down and its profile up again, until the device is activated and has
 * an IPv4 address, for some ten minutes at most. The device and the profile's uuid come in its environment, for
 * systemd would expand what looks like a variable among its words (systemd.service(5), "Command lines").
 *
 * A device that somebody disconnected is not activated by NetworkManager itself, and a checkpoint did not bring it
 * back on 1.52 while the DHCP server was silent (6 of 6). A try ends after 12 s and the next begins the activation
 * anew, so that a client's growing pauses stay short. nmcli shows the address a little later than the activation. A
 * device that IPv6 alone has activated is not taken down again; its DHCP client is started anew.
 */
const inUnit = `
show() { nmcli -e no -g "$1" device show "$TRUENAME_DEVICE"; }
nmcli -w 20 device disconnect "$TRUENAME_DEVICE"
tries=0
while [ $tries -lt 40 ]; do
  tries=$((tries + 1))
  case $(show GENERAL.STATE) in
    100*) nmcli -w 12 device modify "$TRUENAME_DEVICE" ipv4.dhcp-timeout $((46 + tries % 2)) ;;
    *)
      nmcli -w 12 connection up uuid "$TRUENAME_CONNECTION" ifname "$TRUENAME_DEVICE"
      case $? in 0|3) ;; *) nmcli -w 12 device connect "$TRUENAME_DEVICE" ;; esac
      ;;
  esac
  for look in 1 2 3; do
    case $(show GENERAL.STATE) in 100*) [ -z "$(show IP4.ADDRESS)" ] || exit 0 ;; esac
    sleep 1
  done
done
exit 1`;

/** The exit code of the script below where no unit could be started, and so nothing was done. */
const noUnit = 3;

/**
 * Bounces a device: `$1` the device, `$2` the profile's uuid, `$3` what the unit does. The unit does the whole of it,
 * so whatever becomes of this session, the device comes up again. One of an earlier run that still works is waited
 * for in place of a second. systemd forgets the unit when it ends (systemd-run(1), --collect). The script waits 40 s
 * at most; then the unit goes on alone.
 */
const outside = `command -v systemd-run >/dev/null && [ -d /run/systemd/system ] || exit ${noUnit}
unit=truename-bounce-$(printf %s "$1" | tr -c 'A-Za-z0-9' _).service
if ! systemctl -q is-active "$unit"; then
  systemctl reset-failed "$unit" 2>/dev/null
  systemd-run --quiet --collect --unit="$unit" --description="Truename takes $1 down and up again" --property=RuntimeMaxSec=900 --setenv=PATH="$PATH" --setenv=LC_ALL=C.UTF-8 \\
    --setenv=TRUENAME_DEVICE="$1" --setenv=TRUENAME_CONNECTION="$2" /bin/sh -c "$3" || exit ${noUnit}
fi
n=0
while [ $n -lt 200 ] && systemctl -q is-active "$unit"; do n=$((n + 1)); sleep 0.2; done`;

/** The script that bounces a device, and its arguments. */
export function bounce(device: string, connection: string): { script: string; args: readonly string[] } {
  return { script: outside, args: [device, connection, inUnit] };
}
