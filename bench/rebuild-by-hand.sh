#!/bin/sh
# rebuild-by-hand.sh NAME VMID NODE CONFIGURATION
# The documented procedure for a clone, step by step: poll the guest agent every 10 s for an address, learn the host key, build
# here and switch there, reboot, sleep for a minute, poll again, write the name into the first Ethernet profile, reapply. The
# name is the one that was given: the documented $(hostname) may still be the template's. Nothing is read back.
# NODE_LOGIN is the node for ssh, GUEST_USER the user in the guest.
set -eu
name=$1 vmid=$2 configuration=$4
hosts=$(mktemp)
trap 'rm -f "$hosts" "$hosts.old"' EXIT
options="-o BatchMode=yes -o StrictHostKeyChecking=accept-new -o UserKnownHostsFile=$hosts"

address_of() {
  n=0
  while [ $n -lt 18 ]; do
    n=$((n + 1))
    found=$(ssh -o BatchMode=yes "$NODE_LOGIN" qm guest cmd "$vmid" network-get-interfaces 2>/dev/null |
      sed -n 's/.*"ip-address" : "\(10\.[0-9.]*\)".*/\1/p' | head -n 1)
    [ -z "$found" ] || { echo "$found"; return; }
    sleep 10
  done
  return 1
}

address=$(address_of)
ssh-keygen -q -f "$hosts" -R "$address" >/dev/null 2>&1 || true
ssh-keyscan -T 5 "$address" >>"$hosts" 2>/dev/null
NIX_SSHOPTS=$options nixos-rebuild switch --no-flake --no-reexec --target-host "$GUEST_USER@$address" --sudo -I "nixos-config=$configuration"
ssh -o BatchMode=yes "$NODE_LOGIN" qm reboot "$vmid"
sleep 60
address=$(address_of)
profile=$(ssh $options "$GUEST_USER@$address" nmcli -t -f UUID,TYPE connection show | sed -n 's/:802-3-ethernet$//p' | head -n 1)
device=$(ssh $options "$GUEST_USER@$address" nmcli -t -f DEVICE,TYPE device | sed -n 's/:ethernet$//p' | head -n 1)
ssh $options "$GUEST_USER@$address" sudo nmcli connection modify uuid "$profile" ipv4.dhcp-hostname "$name"
ssh $options "$GUEST_USER@$address" sudo nmcli device reapply "$device"
