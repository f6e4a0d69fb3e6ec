#!/bin/sh
# fix-by-hand.sh GUEST NAME
# The documented workaround for one guest under NetworkManager, as four commands over ssh: find the Ethernet connection and
# its device, write the name into the profile, reapply it. Nothing is read back. SSH_OPTIONS holds options of ssh.
set -eu
guest=$1 name=$2
connection=$(ssh ${SSH_OPTIONS:-} "$guest" nmcli -t -f UUID,TYPE connection show --active | sed -n 's/:802-3-ethernet$//p' | head -n 1)
device=$(ssh ${SSH_OPTIONS:-} "$guest" nmcli -t -f DEVICE,TYPE device | sed -n 's/:ethernet$//p' | head -n 1)
ssh ${SSH_OPTIONS:-} "$guest" sudo nmcli connection modify uuid "$connection" ipv4.dhcp-hostname "$name"
ssh ${SSH_OPTIONS:-} "$guest" sudo nmcli device reapply "$device"
