#!/bin/sh
# prepare-guest.sh TREE: makes a Debian tree look to its users like a NixOS guest where that matters here.
# Runs as root on the machine; the tree is not booted.
set -eu
tree=$1
here=$(cd "$(dirname "$0")" && pwd)

cp -rT --remove-destination --no-preserve=ownership "$here/guest" "$tree"
chmod 0440 "$tree/etc/sudoers.d/wheel"
units=$tree/etc/systemd/system

mkdir -p "$units/multi-user.target.wants"
for unit in cloud-init-local cloud-init cloud-config cloud-final sshd qemu-guest-agent; do
  ln -sfn "/etc/systemd/system/$unit.service" "$units/multi-user.target.wants/$unit.service"
done
mkdir -p "$units/sockets.target.wants" "$tree/nix/var/nix/daemon-socket"
ln -sfn /etc/systemd/system/nix-daemon.socket "$units/sockets.target.wants/nix-daemon.socket"
# NixOS has one unit a stage, none of the distribution's single process, and no generator.
for unit in cloud-init-main.service cloud-init-network.service cloud-init-hotplugd.socket cloud-init-hotplugd.service \
  ssh.service ssh.socket apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer \
  systemd-networkd.service systemd-networkd.socket systemd-networkd-wait-online.service systemd-network-generator.service \
  systemd-firstboot.service systemd-udev-trigger.service systemd-udevd.service systemd-udevd-kernel.socket \
  systemd-udevd-control.socket dhcpcd.service \
  systemd-tmpfiles-clean.timer getty@.service console-getty.service \
  systemd-logind.service dbus-org.freedesktop.login1.service; do
  ln -sfn /dev/null "$units/$unit"
done
mkdir -p "$tree/etc/systemd/system-generators"
ln -sfn /dev/null "$tree/etc/systemd/system-generators/cloud-init-generator"

grep -q '^wheel:' "$tree/etc/group" || chroot "$tree" groupadd --system wheel
grep -q '^tappaas:' "$tree/etc/passwd" || chroot "$tree" useradd --create-home --shell /bin/sh --groups wheel tappaas
chroot "$tree" usermod --shell /bin/sh root
rm -f "$tree"/etc/ssh/ssh_host_*

# One machine-id for all clones, as a template that was booted once leaves it; an empty file would be a
# first boot, at which systemd enables every unit by preset.
echo 4c6162436c6f6e654f6654656d706c61 >"$tree/etc/machine-id"
rm -f "$tree/var/lib/dbus/machine-id"

# NixOS has /bin/sh and /usr/bin/env at fixed places, and little else.
rm -f "$tree/bin/bash" "$tree/bin/rbash"
