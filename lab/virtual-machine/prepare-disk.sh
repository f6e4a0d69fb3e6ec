#!/bin/sh
# prepare-disk.sh ROOT MODULES: makes the tree of a container guest the disk of a virtual machine. There a kernel of its own
# loads modules, udev tells of devices, and the guest agent is at its virtio port. Runs as root; the tree is not booted.
set -eu
[ $# -eq 2 ] || { echo "usage: $0 ROOT MODULES" >&2; exit 2; }
root=$1
units=$root/etc/systemd/system
rm -rf "$root/usr/lib/modules"
cp -a "$2" "$root/usr/lib/modules"
for unit in systemd-udev-trigger.service systemd-udevd.service systemd-udevd-kernel.socket systemd-udevd-control.socket; do
  [ ! -L "$units/$unit" ] || rm "$units/$unit"
done
# The distribution's unit is started by udev when the port is there.
rm -f "$units/qemu-guest-agent.service" "$units/multi-user.target.wants/qemu-guest-agent.service"
# Nobody looks at the console's login.
ln -sfn /dev/null "$units/serial-getty@.service"
# Where the container's dhcpcd was told that there is no udev.
[ ! -f "$root/etc/dhcpcd.conf" ] || sed -i '/^nodev$/d' "$root/etc/dhcpcd.conf"
