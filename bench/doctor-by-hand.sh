#!/bin/sh
# doctor-by-hand.sh NODE VMID GUEST FIREWALL RESOLVER NAME
# What a person types to see what `truename doctor` shows: ten commands, one after the other. The address and the MAC
# address stand in the first answers; here they are cut out of them, as the eye would.
set -eu
node=$1 vmid=$2 guest=$3 firewall=$4 resolver=$5 name=$6

config=$(ssh "$node" qm config "$vmid")
ssh "$node" qm cloudinit dump "$vmid" user
ssh "$node" qm guest cmd "$vmid" get-host-name
interfaces=$(ssh "$node" qm guest cmd "$vmid" network-get-interfaces)
ssh "$guest" hostnamectl
ssh "$guest" nmcli device show
ssh "$guest" nmcli connection show
mac=$(printf '%s\n' "$config" | sed -n 's/^net0:.*=\([0-9A-F:]\{17\}\).*/\1/p')
ssh "$firewall" grep -i "$mac" /var/db/dnsmasq.leases
dig +short "@$resolver" "$name" A
dig +short "@$resolver" -x "${guest#*@}"
printf '%s\n' "$config" "$interfaces"
