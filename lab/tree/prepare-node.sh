#!/bin/sh
# prepare-node.sh TREE: a machine that answers `qm`, `pct`, `pvesm` and `pvesh` over SSH as a Proxmox node does.
# The commands speak to the facade's socket, which the lab binds to /run/pve-facade.
set -eu
tree=$1

mkdir -p "$tree/root/.ssh" "$tree/run/sshd" "$tree/etc/pve"
chmod 0700 "$tree/root/.ssh"
rm -f "$tree"/etc/ssh/ssh_host_*
for command in qm pct pvesm pvesh; do
  cat >"$tree/usr/sbin/$command" <<RC
#!/bin/sh
PVE_FACADE_SOCKET=/run/pve-facade/api.sock exec /opt/node --no-warnings /opt/truename/facades/proxmox/command-line/$command.ts "\$@"
RC
  chmod +x "$tree/usr/sbin/$command"
done
cat >"$tree/etc/rc.lab" <<'RC'
#!/bin/sh
mkdir -p /run/sshd
[ -s /etc/ssh/ssh_host_ed25519_key ] || ssh-keygen -q -t ed25519 -f /etc/ssh/ssh_host_ed25519_key -N ''
exec /usr/sbin/sshd -D -e -o PasswordAuthentication=no -o UseDNS=no -h /etc/ssh/ssh_host_ed25519_key
RC
chmod +x "$tree/etc/rc.lab"
