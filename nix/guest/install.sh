#!/bin/sh
# Installs Truename's units into a systemd distribution:
#   install.sh [--root DIR] [--template-name NAME]... [--source SOURCE]... [--reset-machine-id] [--uninstall] [--dry-run]
# With --root it works on a tree that is not running. Settings that are there stay, unless one is given here: then all are written
# anew. Ends 0 when what it did was read back, 1 when not, 2 on a wrong call.
set -eu
umask 022
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root='' names='' sources='' reset=no remove=no dry=no

wrong() { printf 'install.sh: %s\n' "$1" >&2; exit 2; }

while [ $# -gt 0 ]; do
  case $1 in
    --root | --template-name | --source)
      [ $# -ge 2 ] || wrong "$1 needs a value"
      case $1 in
        --root) root=${2%/} ;;
        --template-name)
          case $2 in '' | -* | *[!A-Za-z0-9-]*) wrong "not a host name: $2" ;; esac
          names="$names $2" ;;
        --source)
          case $2 in cmdline | credential | smbios | seed | last) ;; *) wrong "not a source of names: $2" ;; esac
          sources="$sources $2" ;;
      esac
      shift ;;
    --reset-machine-id) reset=yes ;;
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
  # Whatever somebody else keeps there stays.
  for folder in "$library" "$root/etc/truename" "$(dirname -- "$drop_in")"; do
    [ "$dry" = yes ] || rmdir "$folder" 2>/dev/null || true
  done
  reload
  [ "$dry" = yes ] && exit 0
  [ ! -e "$sysinit" ] && [ ! -L "$sysinit" ] && [ ! -e "$library/hostname.sh" ] || exit 1
  printf 'removed; the host name stays what it is\n'
  exit 0
fi

told=no
[ "$names$sources$reset" = no ] || told=yes
# The name baked into the image is the template's, unless told otherwise.
if [ -z "$names" ] && [ -r "$root/etc/hostname" ]; then
  names=$(head -c 64 "$root/etc/hostname" | head -n 1)
  case $names in -* | *[!A-Za-z0-9-]*) names='' ;; esac
fi

[ -n "$sources" ] || sources=' cmdline credential smbios seed last'

for script in hostname.sh find-name.sh dhcp-hostname.sh; do place 0755 "$script" "$library/$script"; done
for unit in truename-hostname.service truename-dhcp-hostname.service; do place 0644 "$unit" "$units/$unit"; done
place 0644 hostnamed.conf "$drop_in"
if [ "$told" = yes ] || [ ! -e "$root/etc/truename/guest.conf" ]; then
  act mkdir -p "$root/etc/truename"
  if [ "$dry" = yes ]; then printf 'would: write %s\n' "$root/etc/truename/guest.conf"; else
    cat >"$root/etc/truename/guest.conf" <<CONF
TRUENAME_SOURCES="${sources# }"
TRUENAME_TEMPLATE_NAMES="${names# }"
TRUENAME_RESET_MACHINE_ID=$reset
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
