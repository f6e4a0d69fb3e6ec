#!/bin/sh
# Switches the running machine to @out@ (stand-in of switch-to-configuration-ng, in the same order and with the
# same exit codes: 1 refused, 2 activation failed, 4 a unit failed, 100 only a reboot can take it).
# Unlike the product it knows the units that the configuration declares, and leaves Debian's own alone.
out=@out@
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
action=${1-}
case $action in
  switch | boot | test | dry-activate | check) ;;
  *)
    cat >&2 <<USAGE
Usage: $0 [check|switch|boot|test|dry-activate]
check:        run pre-switch checks and exit
switch:       make the configuration the boot default and activate now
boot:         make the configuration the boot default
test:         activate the configuration, but don't make it the boot default
dry-activate: show what would be done if this configuration were activated
USAGE
    exit 1
    ;;
esac
export NIXOS_ACTION="$action"

if [ ! -f /etc/NIXOS ] && ! grep -Eq '^ID="?nixos"?$' /etc/os-release 2> /dev/null; then
  echo "This is not a NixOS installation!" >&2
  exit 1
fi

mkdir -p /run/nixos && chmod 0755 /run/nixos
exec 9>> /run/nixos/switch-to-configuration.lock || { echo "Could not open lock" >&2; exit 1; }
flock -n 9 || { echo "Could not acquire lock" >&2; exit 1; }

# A key that both generations hold, with different values.
inhibited() {
  [ -e /run/current-system/switch-inhibitors ] || return 1
  { sed 's/,$//; s/^/old /' /run/current-system/switch-inhibitors; sed 's/,$//; s/^/new /' "$out/switch-inhibitors"; } |
    awk '{ age = $1; key = $2; $1 = $2 = ""; if (key !~ /:$/) next
           if (age == "old") seen[key] = $0; else if ((key in seen) && seen[key] != $0) { print key; found = 1 } }
         END { exit !found }'
}
case $action in
  switch | test | check)
    if [ "${NIXOS_NO_CHECK-}" != 1 ] && keys=$(inhibited); then
      echo "There are changes to critical components of the system:" >&2
      printf '%s\n' "$keys" | sed 's/://; s/"//g; s/^/  /' >&2
      echo "Switching into this system is not recommended." >&2
      echo "You probably want to run 'nixos-rebuild boot' and reboot your system instead." >&2
      exit 1
    fi
    ;;
esac
[ "$action" != check ] || exit 0

case $action in
  switch | boot) echo "stand-in: no boot loader; the next boot follows the system profile" >&2 ;;
esac
[ "${NIXOS_NO_SYNC-}" = 1 ] || [ "$action" = dry-activate ] || sync -f /nix/store
[ "$action" != boot ] || exit 0

if [ -e /run/current-system/init-interface-version ] &&
  ! cmp -s /run/current-system/init-interface-version "$out/init-interface-version"; then
  cat >&2 <<WARNING
Warning: the new NixOS configuration has an ‘init’ that is
incompatible with the current configuration.  The new configuration
won't take effect until you reboot the system.
WARNING
  exit 100
fi

# Never in the middle of a boot: jobs of the boot would be undone.
waited=0
while [ "$(systemctl is-system-running)" = starting ] && [ "$waited" -lt 600 ]; do
  sleep 0.5
  waited=$((waited + 1))
done

work=$(mktemp -d /run/nixos/switch.XXXXXX) || exit 1
trap 'rm -rf "$work"' EXIT
old=$(readlink -f /run/current-system)/etc/systemd/system
new=$out/etc/systemd/system
for list in stop start restart reload skip; do : > "$work/$list"; done

units_in() { [ ! -d "$1/" ] || (cd "$1/" && for file in *; do printf '%s\n' "${file%.d}"; done) | sort -u; }
# A unit's own file and its drop-ins; links that pull it in are not part of it.
text_of() { cat "$1/$2" "$1/$2.d"/*.conf 2> /dev/null; }
says() { text_of "$new" "$1" | grep -Eq "^($2)\$"; }
listed() { tr '\n' ' ' < "$work/$1"; }
commas() { sort "$work/$1" | paste -sd, - | sed 's/,/, /g'; }
report() { [ ! -s "$work/$2" ] || echo "$1 the following units: $(commas "$2")" >&2; }

classify() {
  text_of "$new" "$1" > "$work/new"
  if [ ! -s "$work/new" ]; then
    if [ -e "/usr/lib/systemd/system/$1" ]; then echo "$1" >> "$work/restart"
    elif ! text_of "$old" "$1" | grep -q '^X-StopOnRemoval=false$'; then echo "$1" >> "$work/stop"; fi
    return
  fi
  text_of "$old" "$1" > "$work/old"
  ! cmp -s "$work/old" "$work/new" || return
  case $1 in *.target | *.slice | *.socket | *.path) return ;; esac
  grep -v '^X-Reload-Triggers=' "$work/old" > "$work/old.bare"
  grep -v '^X-Reload-Triggers=' "$work/new" > "$work/new.bare"
  if cmp -s "$work/old.bare" "$work/new.bare" || says "$1" 'X-ReloadIfChanged=true'; then echo "$1" >> "$work/reload"
  elif says "$1" 'X-RestartIfChanged=false|RefuseManualStop=true|X-OnlyManualStart=true'; then echo "$1" >> "$work/skip"
  elif says "$1" 'X-StopIfChanged=false'; then echo "$1" >> "$work/restart"
  else echo "$1" >> "$work/stop"; echo "$1" >> "$work/start"; fi
}

units_in "$old" | grep -Ev '@\.|\.(wants|requires)$' > "$work/units"
while IFS= read -r unit; do
  case $(systemctl show --property ActiveState --value -- "$unit") in active | activating | reloading) classify "$unit" ;; esac
done < "$work/units"

if [ "$action" = dry-activate ]; then
  report "would stop" stop
  report "would NOT restart changed" skip
  echo "would activate the configuration..." >&2
  "$out/dry-activate"
  report "would reload" reload
  report "would restart" restart
  report "would start" start
  exit 0
fi

active_units() { systemctl list-units --plain --no-legend --state=active | awk '{ print $1 }' | sort; }
active_units > "$work/before"
result=0
if [ -s "$work/stop" ]; then
  report "stopping" stop
  # shellcheck disable=SC2046
  systemctl stop -- $(listed stop)
fi
report "NOT restarting changed" skip

echo "activating the configuration..." >&2
"$out/activate" || result=2
systemctl reset-failed
systemctl daemon-reload || result=4
if [ -e /etc/tmpfiles.d/00-nixos.conf ]; then systemd-tmpfiles --create --remove /etc/tmpfiles.d/00-nixos.conf; fi

if [ -s "$work/reload" ]; then
  report "reloading" reload
  # shellcheck disable=SC2046
  systemctl reload -- $(listed reload) || result=4
fi
if [ -s "$work/restart" ]; then
  report "restarting" restart
  # shellcheck disable=SC2046
  systemctl restart -- $(listed restart) || result=4
fi
# Active targets are started again, which starts whatever they newly want; oneshots that ended run once more.
systemctl list-units --plain --no-legend --type=target --state=active | awk '{ print $1 }' > "$work/targets"
while IFS= read -r target; do
  case $(systemctl show --property RefuseManualStart --value -- "$target") in no) echo "$target" ;; esac
done < "$work/targets" > "$work/startable"
report "starting" start
# shellcheck disable=SC2046
systemctl start -- $(listed start) $(listed startable) || result=4

sleep 0.25
active_units > "$work/after"
comm -13 "$work/before" "$work/after" | grep -Fxv -f "$work/start" > "$work/fresh"
[ ! -s "$work/fresh" ] || echo "the following new units were started: $(commas fresh)" >&2
systemctl list-units --plain --no-legend --state=failed | awk '{ print $1 }' > "$work/failed"
if [ -s "$work/failed" ]; then
  echo "warning: the following units failed: $(commas failed)" >&2
  # shellcheck disable=SC2046
  systemctl status --no-pager --full -- $(listed failed) >&2
  result=4
fi
exit "$result"
