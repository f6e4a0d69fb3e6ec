#!/bin/sh
# Makes @out@ the running configuration (stand-in). Never touches the kernel's host name.
systemConfig=@out@
export systemConfig
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
_status=0

mkdir -p /run/nixos
@snippets@
# Both links are replaced whole: a reader sees the old system or the new one.
ln -sfn "$systemConfig" /run/current-system
mkdir -p /nix/var/nix/gcroots
ln -sfn /run/current-system /nix/var/nix/gcroots/current-system
exit "$_status"
