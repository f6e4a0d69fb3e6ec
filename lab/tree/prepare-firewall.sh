#!/bin/sh
# prepare-firewall.sh TREE: makes a Debian tree behave like a firewall of another family: csh as root's
# shell, no GNU userland, configuration under /usr/local/etc. Runs as root; the tree is not booted.
set -eu
tree=$1

for applet in awk base64 cat chmod chown cp cut date dd df du env expr find grep head hostname id kill ln ls \
  mkdir mktemp mv netstat nohup od paste pgrep ps pwd readlink rm rmdir sed seq sleep sort stat tail tee test \
  touch tr uname uniq vi wc which xargs; do
  ln -sf busybox "$tree/usr/bin/$applet"
done
rm -f "$tree/bin/bash" "$tree/bin/rbash"
# dash finds commands by PATH; its own remain what POSIX asks for.
sed -i 's#^root:\(.*\):[^:]*$#root:\1:/bin/csh#' "$tree/etc/passwd"
mkdir -p "$tree/var/db" "$tree/var/etc" "$tree/usr/local/etc/dnsmasq.conf.d" "$tree/root/.ssh" "$tree/run/sshd"
chmod 0700 "$tree/root/.ssh"
rm -f "$tree"/etc/ssh/ssh_host_*
: >"$tree/var/etc/dnsmasq-hosts"
: >"$tree/var/etc/dnsmasq-leases"
cat >"$tree/usr/local/etc/rc.lab" <<'RC'
#!/bin/sh
# What an rc script would start. Each daemon stays in the foreground of its own subshell so that a stopped
# one can be told from a running one.
mkdir -p /run/sshd
[ -s /etc/ssh/ssh_host_ed25519_key ] || ssh-keygen -q -t ed25519 -f /etc/ssh/ssh_host_ed25519_key -N ''
unbound -d -c /usr/local/etc/unbound.conf &
dnsmasq -k -C /usr/local/etc/dnsmasq.conf &
exec /usr/sbin/sshd -D -e -o PasswordAuthentication=no -o UseDNS=no -h /etc/ssh/ssh_host_ed25519_key
RC
chmod +x "$tree/usr/local/etc/rc.lab"
