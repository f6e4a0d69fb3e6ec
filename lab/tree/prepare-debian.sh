#!/bin/sh
# prepare-debian.sh TREE: makes a Debian tree one that boots in a lab's container and is otherwise as it was
# installed. Runs as root on the machine; the tree is not booted.
set -eu
tree=$1
here=$(cd "$(dirname "$0")" && pwd)

# The agent's socket and the way in are those of the other guests; the distribution's agent waits for a virtio port.
for file in etc/systemd/system/qemu-guest-agent.service etc/sudoers.d/wheel etc/ssh/sshd_config.d/10-lab.conf; do
  mkdir -p "$tree/${file%/*}"
  cp --no-preserve=ownership "$here/guest/$file" "$tree/$file"
done
cp -rT --no-preserve=ownership "$here/debian/common" "$tree"
chmod 0440 "$tree/etc/sudoers.d/wheel"
ln -sfn /etc/systemd/system/qemu-guest-agent.service \
  "$tree/etc/systemd/system/multi-user.target.wants/qemu-guest-agent.service"

# No devices, no console and no clock of its own in a container; and nothing that runs at some other time.
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service \
  fstrim.timer systemd-tmpfiles-clean.timer systemd-udev-trigger.service systemd-udevd.service \
  systemd-udevd-kernel.socket systemd-udevd-control.socket systemd-firstboot.service getty@.service \
  console-getty.service systemd-logind.service dbus-org.freedesktop.login1.service; do
  ln -sfn /dev/null "$tree/etc/systemd/system/$unit"
done

chroot "$tree" groupadd --system wheel
chroot "$tree" useradd --create-home --shell /bin/bash --groups wheel tappaas
rm -f "$tree"/etc/ssh/ssh_host_* "$tree/var/lib/dbus/machine-id"
: >"$tree/etc/resolv.conf"
