#!/bin/sh
# prepare-disk.sh ROOT FILES: makes the tree of a container guest the disk of a virtual machine. There a kernel of its own
# loads modules, which FILES holds, udev tells of devices, and the guest agent is at its virtio port. Runs as root; the
# tree is not booted.
set -eu
[ $# -eq 2 ] || { echo "usage: $0 ROOT FILES" >&2; exit 2; }
root=$1
units=$root/etc/systemd/system
rm -rf "$root/usr/lib/modules"
cp -rT --no-preserve=ownership "$2" "$root"
for unit in systemd-udev-trigger.service systemd-udevd.service systemd-udevd-kernel.socket systemd-udevd-control.socket; do
  [ ! -L "$units/$unit" ] || rm "$units/$unit"
done
# The distribution's unit is started by udev when the port is there.
rm -f "$units/qemu-guest-agent.service" "$units/multi-user.target.wants/qemu-guest-agent.service"
# Nobody looks at the console's login.
ln -sfn /dev/null "$units/serial-getty@.service"
# Where the container's dhcpcd was told that there is no udev.
[ ! -f "$root/etc/dhcpcd.conf" ] || sed -i '/^nodev$/d' "$root/etc/dhcpcd.conf"
# Costs a slow processor minutes and has no say in names: caches of the distribution, keys and the way in, stages of
# cloud-init after those that name a machine. This folder stands before all others (systemd.unit(5)), whatever a guest declares.
masks=$root/etc/systemd/system.control
mkdir -p "$masks"
for unit in ldconfig.service systemd-hwdb-update.service systemd-journal-catalog-update.service systemd-update-done.service \
  systemd-binfmt.service systemd-pcrphase.service systemd-pstore.service systemd-random-seed.service systemd-timesyncd.service \
  systemd-update-utmp.service e2scrub_reap.service apparmor.service keyboard-setup.service console-setup.service \
  sshd-keygen.service sshd.service ssh.service ssh.socket nix-daemon.service nix-daemon.socket \
  cloud-config.service cloud-final.service dev-hugepages.mount dev-mqueue.mount sys-fs-fuse-connections.mount \
  sys-kernel-config.mount modprobe@configfs.service modprobe@fuse.service systemd-sysusers.service \
  sys-kernel-debug.mount sys-kernel-tracing.mount modprobe@drm.service modprobe@efi_pstore.service; do
  ln -sfn /dev/null "$masks/$unit"
done
for generator in ssh gpt-auto cryptsetup veritysetup integritysetup tpm2 hibernate-resume rc-local getty import; do
  mkdir -p "$root/etc/systemd/system-generators"
  ln -sfn /dev/null "$root/etc/systemd/system-generators/systemd-$generator-generator"
done
# udev is told of the devices that a name, the disk or the network may hang on, not of each of the consoles and virtual devices.
mkdir -p "$masks/systemd-udev-trigger.service.d"
cat >"$masks/systemd-udev-trigger.service.d/devices.conf" <<CONF
[Service]
ExecStart=
ExecStart=-udevadm trigger --type=all --action=add --prioritized-subsystem=block,net \
  --subsystem-match=block --subsystem-match=net --subsystem-match=pci --subsystem-match=virtio \
  --subsystem-match=virtio-ports --subsystem-match=scsi --subsystem-match=dmi
CONF
# Without this folder the journal stays in memory (journald.conf(5), Storage=).
rm -rf "$root/var/log/journal"
# As Proxmox VE's makers of templates do: without a disc nobody waits four minutes for a cloud's metadata server. The disk is
# as large as it will be, and the guest has no program to make it larger: cloud-init would call that a failure.
mkdir -p "$root/etc/cloud/cloud.cfg.d"
cat >"$root/etc/cloud/cloud.cfg.d/91-machine.cfg" <<CONF
datasource_list: [NoCloud, ConfigDrive, None]
resize_rootfs: false
growpart: {mode: 'off'}
CONF
