#!/bin/sh
# install-into-tree.sh TREE CONFIG…: puts the NixOS stand-in into a Debian guest tree that holds Nix, as root.
# Every CONFIG becomes TREE/etc/nixos/<its name>; the first is built, made the system profile and activated, so
# that the tree boots as that system. To be run once per tree; a second run with another first CONFIG is a new generation.
set -eu
[ $# -ge 2 ] || { echo "usage: $0 TREE CONFIG…" >&2; exit 2; }
# A mount name space of its own: what is mounted into the tree below is gone when this ends, however it ends.
if [ -z "${LAB_NIX_UNSHARED-}" ]; then
  LAB_NIX_UNSHARED=1
  export LAB_NIX_UNSHARED
  exec unshare --mount "$0" "$@"
fi
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
tree=$(CDPATH='' cd -- "$1" && pwd)
shift
[ "$tree" != / ] && [ -x "$tree/usr/bin/nix-build" ] || { echo "$0: $tree is no guest tree with Nix" >&2; exit 1; }

channel=$tree/nix/var/nix/profiles/per-user/root/channels/nixos
mkdir -p "$tree/nix/store" "$tree/nix/var/nix/gcroots" "${channel%/*}" "$tree/usr/local/bin" "$tree/usr/local/libexec" \
  "$tree/etc/nixos" "$tree/etc/nix" "$tree/etc/systemd/system/sysinit.target.wants"
rm -rf "$channel"
cp -R "$here/nixpkgs" "$channel"
for command in nixos-rebuild nixos-version nixos-generate-config; do
  install -m 0755 "$here/bin/$command" "$tree/usr/local/bin/$command"
done
install -m 0755 "$here/boot-hook" "$tree/usr/local/libexec/lab-nixos-boot"
install -m 0755 "$here/list-generations" "$tree/usr/local/libexec/lab-nixos-generations"
install -m 0644 "$here/units/lab-nixos-boot.service" "$tree/etc/systemd/system/lab-nixos-boot.service"
ln -sfn ../lab-nixos-boot.service "$tree/etc/systemd/system/sysinit.target.wants/lab-nixos-boot.service"
# Declared later by the first activation; needed by the build before it.
[ -L "$tree/etc/nix/nix.conf" ] || cp "$here/nixpkgs/nixos/system/nix.conf" "$tree/etc/nix/nix.conf"

first=$(basename "$1")
for config; do cp "$config" "$tree/etc/nixos/"; done

mount -t proc proc "$tree/proc"
mount --rbind /dev "$tree/dev"
inside() { chroot "$tree" /usr/bin/env -i HOME=/root PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"; }

out=$(inside nix-build '<nixpkgs/nixos>' --attr config.system.build.toplevel -I "nixos-config=/etc/nixos/$first" --no-out-link)
inside nix-env -p /nix/var/nix/profiles/system --set "$out"
inside "$out/activate"
# /run is empty at every boot; the links that activation made there are the boot hook's to make.
rm -rf "$tree/run/current-system" "$tree/run/nixos"
printf '%s\n' "$out"
