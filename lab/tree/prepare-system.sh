#!/bin/sh
# prepare-system.sh ROOT NAME WITHOUT ENABLED: makes a prepared Debian tree the system of that name. WITHOUT are
# packages to remove, ENABLED units to enable, each a list parted by spaces. Runs as root; the tree is not booted.
set -eu
[ $# -eq 4 ] || { echo "usage: $0 ROOT NAME WITHOUT ENABLED" >&2; exit 2; }
# A mount name space of its own: what is mounted into the tree below is gone when this ends, however it ends.
if [ -z "${LAB_SYSTEM_UNSHARED-}" ]; then
  LAB_SYSTEM_UNSHARED=1
  export LAB_SYSTEM_UNSHARED
  exec unshare --mount "$0" "$@"
fi
here=$(cd "$(dirname "$0")" && pwd)
root=$1
name=$2

mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
inside() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"; }
# Words are meant to be split: both are lists of plain names.
if [ -n "$3" ]; then inside dpkg --purge $3; fi
if [ -n "$4" ]; then inside systemctl enable $4; fi

if [ -d "$here/debian/$name" ]; then cp -rT --no-preserve=ownership "$here/debian/$name" "$root"; fi
# Without udev in the container the daemon would wait for it (dhcpcd.conf(5), nodev).
if [ "$name" = debian13-dhcpcd ]; then echo nodev >>"$root/etc/dhcpcd.conf"; fi
find "$root/etc/NetworkManager/system-connections" -type f -exec chmod 0600 {} + 2>/dev/null || :
printf '%s\n' "$name" >"$root/etc/hostname"
printf '127.0.0.1\tlocalhost\n127.0.1.1\t%s\n::1\tlocalhost ip6-localhost ip6-loopback\n' "$name" >"$root/etc/hosts"
# One machine-id for all clones, as a template that was booted once leaves it; an empty file would be a
# first boot, at which systemd enables every unit by preset.
printf '%s' "$name" | md5sum | cut -d ' ' -f 1 >"$root/etc/machine-id"
# So that it does not take its first boot for one after an update (systemd.unit(5), ConditionNeedsUpdate).
touch "$root/etc/.updated" "$root/var/.updated"
