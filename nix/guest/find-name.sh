#!/bin/sh
# Prints "SOURCE NAME" of the first source in TRUENAME_SOURCES that has a name, or nothing. The name is not validated.
# shellcheck disable=SC2317 # the sources are called by name, at the end
set -u
root=${TRUENAME_ROOT:-}

say() { printf 'truename-hostname: %s\n' "$*" >&2; }

# Text of at most 64 KiB, without NUL and CR.
text() { head -c 65536 "$1" 2>/dev/null | tr -d '\000\r'; }

# The h= or local-hostname= of cloud-init's `ds=nocloud;h=NAME` (doc/rtd/reference/datasources/nocloud.rst).
nocloud_name() { sed -n 's/^ds=nocloud[^;]*;\(.*;\)\{0,1\}\(h\|local-hostname\)=\([^;]*\).*$/\3/p' | head -n 1; }

from_cmdline() {
  words=$(text "$root/proc/cmdline" | tr -s ' \t\n"' '\n')
  for key in truename.hostname systemd.hostname; do
    value=$(printf '%s\n' "$words" | sed -n "s/^$key=//p" | tail -n 1)
    [ -n "$value" ] && printf '%s\n' "$value" && return
  done
  printf '%s\n' "$words" | nocloud_name
}

# What a hypervisor or a container manager handed to PID 1, and PID 1 to the unit by LoadCredential= (systemd.exec(5)).
from_credential() {
  for credential in truename.hostname system.hostname; do
    value=$(text "${CREDENTIALS_DIRECTORY:-$root/run/credentials/@system}/$credential" | head -n 1)
    [ -n "$value" ] && printf '%s\n' "$value" && return
  done
}

from_smbios() {
  value=$(text "$root/sys/class/dmi/id/product_serial" | nocloud_name)
  [ -n "$value" ] && printf '%s\n' "$value" && return
  for table in "$root"/sys/firmware/dmi/entries/11-*/raw; do
    [ -f "$table" ] || continue
    value=$(head -c 65536 "$table" 2>/dev/null | tr '\000' '\n' |
      sed -n 's/^\(io\.systemd\.credential:\)\{0,1\}truename\.hostname=//p' | head -n 1)
    [ -n "$value" ] && printf '%s\n' "$value" && return
  done
}

# Kept for the same firmware only: a clone does not take its template's.
from_last() {
  uuid=$(text "$root/sys/class/dmi/id/product_uuid" | head -n 1)
  kept=$(text "$root/var/lib/truename/last" | head -n 1)
  [ -n "$uuid" ] && [ "${kept%% *}" = "$uuid" ] && printf '%s\n' "${kept#* }"
}

# The value of a key at the left margin of YAML, plain or quoted; nothing where it is there twice.
top_level() {
  values=$(sed -n '/^\.\.\.[[:blank:]]*$/q; s/^'"$1"'[[:blank:]]*:[[:blank:]]\{1,\}//p' |
    sed 's/[[:blank:]]#.*$//; s/[[:blank:]]*$//; s/^"\(.*\)"$/\1/; s/^'"'\(.*\)'"'$/\1/' | head -n 2)
  case $values in *'
'*) say "the seed has $1 twice; not taken" ;; *) [ -z "$values" ] || printf '%s\n' "$values" ;; esac
}

cloud_config_name() {
  config=$(text "$1")
  case $config in '#cloud-config'*) ;; *) return ;; esac
  for key in hostname fqdn; do
    value=$(printf '%s\n' "$config" | top_level "$key")
    [ -n "$value" ] && printf '%s\n' "$value" && return
  done
}

# Only plain files: a link on a disc could lead out of it.
plain() { [ -f "$1" ] && [ ! -L "$1" ]; }

folder_name() {
  for user_data in "$1/user-data" "$1/openstack/latest/user_data"; do
    plain "$user_data" || continue
    value=$(cloud_config_name "$user_data")
    [ -n "$value" ] && printf '%s\n' "$value" && return
  done
  if plain "$1/meta-data"; then
    value=$(text "$1/meta-data" | top_level local-hostname)
    [ -n "$value" ] && printf '%s\n' "$value" && return
  fi
  if plain "$1/openstack/latest/meta_data.json"; then
    text "$1/openstack/latest/meta_data.json" | tr ',{}' '\n' |
      sed -n 's/^[[:blank:]]*"hostname"[[:blank:]]*:[[:blank:]]*"\([^"\\]*\)"[[:blank:]]*$/\1/p' | head -n 1
  fi
}

candidates() {
  if [ -n "${TRUENAME_DISCS+set}" ]; then
    # shellcheck disable=SC2086 # a list of paths
    printf '%s\n' $TRUENAME_DISCS
    return
  fi
  for block in "$root"/sys/class/block/*; do
    case ${block##*/} in ram* | loop* | fd* | zram* | dm-* | md* | nbd*) continue ;; esac
    [ "$(text "$block/size")" = 0 ] || printf '/dev/%s\n' "${block##*/}"
  done
}

# Devices whose label and file system are a seed's, each with its file system.
seeds() {
  for device in $(candidates); do
    [ -e "$device" ] || continue
    probed=$(blkid -p -o export -- "$device" 2>/dev/null) || continue
    label=$(printf '%s\n' "$probed" | sed -n 's/^LABEL=//p')
    type=$(printf '%s\n' "$probed" | sed -n 's/^TYPE=//p')
    case $label in cidata | CIDATA | config-2 | CONFIG-2) ;; *) continue ;; esac
    case $type in
      iso9660 | vfat) printf '%s %s\n' "$device" "$type" ;;
      *) say "$device is labelled $label but is neither iso9660 nor vfat; not taken" ;;
    esac
  done
}

from_seed() {
  found=$(seeds)
  if [ -z "$found" ] && [ -z "${TRUENAME_DISCS+set}" ] && command -v udevadm >/dev/null 2>&1; then
    udevadm settle -t 1 2>/dev/null
    found=$(seeds)
  fi
  [ -n "$found" ] || return
  case $found in *'
'*) say "more than one seed disc: $(printf '%s' "$found" | tr '\n' ','); none is taken" && return ;; esac
  place=$(mktemp -d "${root:-}/run/truename/seed.XXXXXX") || return
  options=ro,nodev,nosuid,noexec
  [ -b "${found% *}" ] || options=$options,loop
  if mount -t "${found##* }" -o "$options" -- "${found% *}" "$place" 2>/dev/null; then
    folder_name "$place"
    umount "$place" 2>/dev/null || umount -l "$place"
  else
    say "${found% *} could not be mounted; nothing was taken from it"
  fi
  rmdir "$place" 2>/dev/null
}

for source in ${TRUENAME_SOURCES:-}; do
  case $source in
    cmdline | credential | smbios | seed | last) value=$("from_$source") ;;
    *) say "there is no source called $source" && continue ;;
  esac
  [ -n "$value" ] && printf '%s %s\n' "$source" "$value" && exit 0
done
exit 0
