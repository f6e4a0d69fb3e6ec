#!/bin/sh
# Installs Truename's units into a systemd distribution: install.sh [--root DIR] [--template-name NAME]... [--uninstall] [--dry-run]
# With --root it works on a tree that is not running. Ends 0 when what it did was read back, 1 when not, 2 on a wrong call.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root='' names='' remove=no dry=no

wrong() { printf 'install.sh: %s\n' "$1" >&2; exit 2; }

while [ $# -gt 0 ]; do
  case $1 in
    --root | --template-name)
      [ $# -ge 2 ] || wrong "$1 needs a value"
      if [ "$1" = --root ]; then root=${2%/}; else
        case $2 in '' | -* | *[!A-Za-z0-9-]*) wrong "not a host name: $2" ;; esac
        names="$names $2"
      fi
      shift ;;
    --uninstall) remove=yes ;;
    --dry-run) dry=yes ;;
    *) wrong "unknown option: $1" ;;
  esac
  shift
done
[ -d "$root/etc" ] || wrong "no system in ${root:-/}"
[ ! -e "$root/etc/NIXOS" ] || wrong "this is NixOS: use the module (nix/guest/module.nix) instead"

library=$root/usr/local/lib/truename
units=$root/etc/systemd/system
drop_in=$units/systemd-hostnamed.service.d/truename.conf
sysinit=$units/sysinit.target.wants/truename-hostname.service
multi_user=$units/multi-user.target.wants/truename-dhcp-hostname.service

act() { if [ "$dry" = yes ]; then printf 'would: %s\n' "$*"; else "$@"; fi; }
place() { act mkdir -p "$(dirname -- "$3")" && act cp -- "$here/$2" "$3" && act chmod "$1" "$3"; }
want() { act mkdir -p "$(dirname -- "$2")" && act ln -sfn "/etc/systemd/system/$1" "$2"; }
reload() { [ -n "$root" ] || [ ! -d /run/systemd/system ] || act systemctl daemon-reload; }

if [ "$remove" = yes ]; then
  act rm -f "$sysinit" "$multi_user" "$units/truename-hostname.service" "$units/truename-dhcp-hostname.service" "$drop_in" \
    "$library/hostname.sh" "$library/find-name.sh" "$library/dhcp-hostname.sh" "$root/etc/truename/guest.conf"
  reload
  [ "$dry" = yes ] && exit 0
  [ ! -e "$sysinit" ] && [ ! -L "$sysinit" ] && [ ! -e "$library/hostname.sh" ] || exit 1
  printf 'removed; the host name stays what it is\n'
  exit 0
fi

# The name baked into the image is the template's, unless told otherwise.
if [ -z "$names" ] && [ -r "$root/etc/hostname" ]; then
  names=$(head -c 64 "$root/etc/hostname" | head -n 1)
  case $names in -* | *[!A-Za-z0-9-]*) names='' ;; esac
fi

for script in hostname.sh find-name.sh dhcp-hostname.sh; do place 0755 "$script" "$library/$script"; done
for unit in truename-hostname.service truename-dhcp-hostname.service; do place 0644 "$unit" "$units/$unit"; done
place 0644 hostnamed.conf "$drop_in"
if [ ! -e "$root/etc/truename/guest.conf" ]; then
  act mkdir -p "$root/etc/truename"
  if [ "$dry" = yes ]; then printf 'would: write %s\n' "$root/etc/truename/guest.conf"; else
    cat >"$root/etc/truename/guest.conf" <<CONF
TRUENAME_SOURCES="cmdline credential smbios seed last"
TRUENAME_TEMPLATE_NAMES="${names# }"
TRUENAME_RESET_MACHINE_ID=no
CONF
  fi
fi
want truename-hostname.service "$sysinit"
want truename-dhcp-hostname.service "$multi_user"
reload
[ "$dry" = yes ] && exit 0

for file in hostname.sh find-name.sh dhcp-hostname.sh; do cmp -s "$here/$file" "$library/$file" || exit 1; done
for unit in truename-hostname.service truename-dhcp-hostname.service; do cmp -s "$here/$unit" "$units/$unit" || exit 1; done
[ -L "$sysinit" ] && [ -L "$multi_user" ] || exit 1
if [ -z "$root" ] && [ -d /run/systemd/system ]; then
  systemctl is-enabled --quiet truename-hostname.service truename-dhcp-hostname.service || exit 1
fi
printf 'installed and enabled; it acts at the next boot\n'
