#!/bin/sh
# Mends what changed this guest's name after truename-hostname.service set it, without making a DHCP client ask: a guest
# cannot know whether its DHCP server would answer, and NetworkManager gives its address up 15 s after asking a silent one.
# Nothing wrong: does nothing.
set -u
root=${TRUENAME_ROOT:-}
say() { printf 'truename-dhcp-hostname: %s\n' "$*" >&2; }

[ -f "$root/run/truename/hostname" ] || exit 0
name=$(head -c 64 "$root/run/truename/hostname" | head -n 1)
case $name in '' | *[!A-Za-z0-9-]*) exit 0 ;; esac

kernel=$(head -n 1 "$root/proc/sys/kernel/hostname")
if [ "$kernel" != "$name" ]; then
  if { printf '%s\n' "$name" >"$root/proc/sys/kernel/hostname"; } 2>/dev/null; then
    say "the kernel's name had become $kernel and is $name again; a lease follows when its client asks next"
  else
    say "the kernel's name has become $kernel and could not be set to $name"
  fi
fi

command -v hostnamectl >/dev/null 2>&1 || exit 0
static=$(timeout 3 hostnamectl --static 2>/dev/null) || exit 0
if [ "$static" != "$name" ]; then
  # Started anew it reads the file again; NetworkManager takes the name from it when it asks next.
  timeout 3 systemctl try-restart systemd-hostnamed.service 2>/dev/null
  static=$(timeout 3 hostnamectl --static 2>/dev/null)
  if [ "$static" = "$name" ]; then
    say "hostnamed says $name again; a lease follows when its client asks next"
  else
    say "hostnamed says ${static:-nothing}, not $name; run truename doctor"
  fi
fi
exit 0
