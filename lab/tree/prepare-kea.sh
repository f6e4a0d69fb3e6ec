#!/bin/sh
# prepare-kea.sh TREE: makes a Debian tree a machine whose Kea and ssh server are started by /usr/local/sbin/rc.lab. Runs as root
# on the machine; the tree is not booted.
set -eu
tree=$1

mkdir -p "$tree/root/.ssh" "$tree/run/sshd" "$tree/usr/local/sbin" "$tree/usr/share/udhcpc"
chmod 0700 "$tree/root/.ssh"
rm -f "$tree"/etc/ssh/ssh_host_*
cat >"$tree/usr/local/sbin/rc.lab" <<'RC'
#!/bin/sh
# What the units of Debian's packages would start, as root, since no user of theirs has to be told from others here.
mkdir -p /run/sshd /run/kea /run/lock/kea /var/lib/kea /var/log/kea
chmod 0750 /run/kea /run/lock/kea /var/lib/kea /var/log/kea
[ -s /etc/ssh/ssh_host_ed25519_key ] || ssh-keygen -q -t ed25519 -f /etc/ssh/ssh_host_ed25519_key -N ''
kea-dhcp4 -c /etc/kea/kea-dhcp4.conf </dev/null &
[ ! -s /etc/kea/lab-agent.conf ] || kea-ctrl-agent -c /etc/kea/lab-agent.conf </dev/null &
exec /usr/sbin/sshd -D -e -o PasswordAuthentication=no -o UseDNS=no -h /etc/ssh/ssh_host_ed25519_key
RC
chmod +x "$tree/usr/local/sbin/rc.lab"
