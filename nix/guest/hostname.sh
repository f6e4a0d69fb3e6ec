#!/bin/sh
# Finds this guest's name before the network is up, and makes it the one that the DHCP client sends.
# Environment: TRUENAME_SOURCES, TRUENAME_TEMPLATE_NAMES (both parted by blanks), TRUENAME_RESET_MACHINE_ID (yes or no),
# TRUENAME_SEARCH_SECONDS, for machines so slow that the unit's own limit is a longer one too.
# TRUENAME_ROOT is put before every path, and TRUENAME_DISCS names the discs to look at; both are for tests.
# Ends 0 whatever happens: a boot never waits for a name, nor fails for one.
set -u
LC_ALL=C
export LC_ALL
umask 022

root=${TRUENAME_ROOT:-}
here=${0%/*}
sources=${TRUENAME_SOURCES:-cmdline credential smbios seed last}
state=$root/var/lib/truename
run=$root/run/truename

say() { printf 'truename-hostname: %s\n' "$*" >&2; }

# The name as one label, or nothing: RFC 1123 section 2.1, without "localhost".
first_label() {
  case $1 in '' | *[!A-Za-z0-9.-]* | .* | *..* | -* | *-.* | *.-* | *-) return 1 ;; esac
  [ "${#1}" -le 253 ] || return 1
  label=${1%%.*}
  [ "${#label}" -le 63 ] || return 1
  case $label in localhost | LOCALHOST) return 1 ;; esac
  printf '%s\n' "$label"
}

one_line() { head -c 4096 "$1" 2>/dev/null | tr -d '\000' | head -n 1; }

written_before() { [ -f "$state/names" ] && grep -qxF -e "$1" "$state/names"; }

is_template_name() {
  for template in ${TRUENAME_TEMPLATE_NAMES:-}; do
    [ "$1" = "$template" ] && return 0
  done
  return 1
}

# What tells this machine from its template: the firmware's UUID, which a hypervisor gives anew to each clone.
firmware_uuid() { one_line "$root/sys/class/dmi/id/product_uuid"; }

find_name() {
  # Less than the unit's own 5 s, so that what follows a fruitless search still runs.
  limit=${TRUENAME_SEARCH_SECONDS:-3}
  found=$(timeout -k 1 "$limit" /bin/sh "$here/find-name.sh")
  status=$?
  case $status in 124 | 137) say "the search for a name took longer than $limit s and was ended" ;; esac
  [ -n "$found" ] || return 1
  origin=${found%% *}
  name=$(first_label "${found#* }") && return 0
  say "$origin holds no legal host name; nothing was taken from it"
  return 1
}

# A file that nobody sees half-written, and that is a file afterwards whatever it was.
replace() {
  temporary=$1.truename.$$
  (umask "$2" && cat >"$temporary") 2>/dev/null && mv -f "$temporary" "$1" 2>/dev/null && return 0
  rm -f "$temporary" 2>/dev/null
  return 1
}

# Where /etc is declared hostnamed reads /etc/hostname up to NixOS 25.11 (systemd 258 and before know no variable for it),
# and the file that SYSTEMD_ETC_HOSTNAME names since 26.05, for which its drop-in reads hostnamed.env. NetworkManager sends
# what hostnamed says. /etc/hostname becomes a link into /run: a name in it would be the kernel's at the next boot, a clone's too.
set_static_name() {
  if [ ! -e "$root/etc/static" ] && [ ! -L "$root/etc/hostname" ] && printf '%s\n' "$1" | replace "$root/etc/hostname" 022; then
    rm -f "$run/hostnamed.env"
    return
  fi
  if [ ! -L "$root/etc/hostname" ]; then
    temporary=$root/etc/hostname.truename.$$
    if ! { ln -s /run/truename/hostname "$temporary" && mv -f "$temporary" "$root/etc/hostname"; } 2>/dev/null; then
      rm -f "$temporary" 2>/dev/null
      say "$root/etc/hostname could not be linked to the name; hostnamed up to NixOS 25.11 will not say it"
    fi
  fi
  printf 'SYSTEMD_ETC_HOSTNAME=/run/truename/hostname\n' | replace "$run/hostnamed.env" 022
}

# A container may have /proc/sys read-only and still be allowed sethostname(2).
set_kernel_name() {
  [ "$(one_line "$root/proc/sys/kernel/hostname")" = "$1" ] && return
  { printf '%s\n' "$1" >"$root/proc/sys/kernel/hostname"; } 2>/dev/null ||
    { [ -z "$root" ] && hostname "$1" 2>/dev/null; } ||
    say "the kernel's host name could not be set; networkd, dhcpcd and dhclient will send the old one"
}

# A dhcp-hostname in a keyfile goes out in the first DISCOVER, whatever the host is called.
remove_stale_names() {
  for folder in "$root/etc/NetworkManager/system-connections" "$root/run/NetworkManager/system-connections"; do
    for keyfile in "$folder"/*; do
      if [ ! -f "$keyfile" ] || [ -L "$keyfile" ]; then continue; fi
      stale=
      # shellcheck disable=SC2013 # the pattern lets no blank through
      for sent in $(sed -n 's/^[[:blank:]]*dhcp-hostname[[:blank:]]*=[[:blank:]]*\([A-Za-z0-9._-]*\)[[:blank:]]*$/\1/p' "$keyfile"); do
        [ "$sent" = "$1" ] && continue
        if is_template_name "$sent" || written_before "$sent"; then stale="$stale $sent"; fi
      done
      for sent in $stale; do
        pattern=$(printf '%s' "$sent" | sed 's/\./\\./g')
        if sed "/^[[:blank:]]*dhcp-hostname[[:blank:]]*=[[:blank:]]*${pattern}[[:blank:]]*\$/d" "$keyfile" | replace "$keyfile" 077; then
          say "removed the stale dhcp-hostname $sent from $keyfile"
        else
          say "the stale dhcp-hostname $sent could not be removed from $keyfile"
        fi
      done
    done
  done
}

look_at_machine_id() {
  uuid=$(firmware_uuid)
  id=$(one_line "$root/etc/machine-id")
  [ -n "$uuid" ] && [ -n "$id" ] || return
  before=$(one_line "$state/machine")
  if [ -n "$before" ] && [ "${before%% *}" != "$uuid" ] && [ "${before#* }" = "$id" ]; then
    if [ "${TRUENAME_RESET_MACHINE_ID:-no}" = yes ]; then
      fresh=$(tr -d '-' <"$root/proc/sys/kernel/random/uuid")
      if printf '%s\n' "$fresh" | replace "$root/etc/machine-id" 022; then
        say "this clone had its template's machine-id and was given its own"
        id=$fresh
      else
        say "this clone has its template's machine-id, which could not be replaced"
      fi
    else
      say "this clone has its template's machine-id: systemd-networkd asks for an address under its template's identity"
      # The template's identity stays on record, so that this is said at each boot until it is mended.
      return
    fi
  fi
  printf '%s %s\n' "$uuid" "$id" | replace "$state/machine" 077
}

export TRUENAME_ROOT="$root" TRUENAME_SOURCES="$sources"
mkdir -p "$state" "$run" || say "no place for state below /var/lib and /run"
look_at_machine_id
if find_name; then
  printf '%s\n' "$name" | replace "$run/hostname" 022
  set_kernel_name "$name"
  set_static_name "$name"
  remove_stale_names "$name"
  printf '%s %s\n' "$(firmware_uuid)" "$name" | replace "$state/last" 077
  written_before "$name" || printf '%s\n' "$name" >>"$state/names"
  say "the host name is $name, from $origin"
else
  rm -f "$run/hostname" "$run/hostnamed.env"
  say "no source has a name ($sources); everything stays as it is"
fi
exit 0
