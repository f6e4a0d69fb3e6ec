# Package name to the programs it brings; `sbin/` where Debian keeps them there. The first is the main program.
{
  coreutils = [
    "ls" "cat" "cp" "mv" "rm" "ln" "mkdir" "rmdir" "chmod" "chown" "chgrp" "touch" "date" "head" "tail" "wc" "sort"
    "uniq" "cut" "tr" "tee" "test" "[" "true" "false" "env" "echo" "printf" "sleep" "stat" "sync" "readlink"
    "realpath" "basename" "dirname" "mktemp" "install" "id" "uname" "timeout" "od" "seq" "expr" "base64" "sha256sum"
    "md5sum" "nproc" "dd" "df" "du" "comm" "join" "paste" "split" "mkfifo" "nohup" "tac" "truncate" "whoami" "yes"
  ];
  findutils = [ "find" "xargs" ];
  gnugrep = [ "grep" "egrep" "fgrep" ];
  gnused = [ "sed" ];
  gawk = [ "awk" ];
  diffutils = [ "diff" "cmp" ];
  gnutar = [ "tar" ];
  gzip = [ "gzip" "gunzip" "zcat" ];
  hostname = [ "hostname" ];
  nettools = [ "hostname" ];
  net-tools = [ "hostname" ];
  iproute2 = [ "ip" "ss" "sbin/bridge" "sbin/tc" ];
  iputils = [ "ping" ];
  util-linux = [
    "mount" "umount" "findmnt" "lsblk" "flock" "logger" "nsenter" "unshare" "setsid" "sbin/blkid" "sbin/agetty" "more"
  ];
  systemd = [
    "systemctl" "journalctl" "hostnamectl" "busctl" "udevadm" "networkctl" "systemd-run" "systemd-tmpfiles"
    "systemd-detect-virt" "systemd-notify" "resolvectl" "loginctl" "timedatectl" "systemd-analyze"
  ];
  networkmanager = [ "nmcli" "nm-online" ];
  cloud-init = [ "cloud-init" ];
  cloud-utils = [ "growpart" ];
  dhcpcd = [ "sbin/dhcpcd" ];
  qemu-guest-agent = [ "sbin/qemu-ga" ];
  openssh = [ "ssh" "scp" "sftp" "ssh-keygen" "ssh-add" "ssh-agent" "sbin/sshd" ];
  dbus = [ "dbus-send" "dbus-daemon" ];
  dbus-broker = [ "dbus-broker" ];
  sudo = [ "sudo" ];
  nix = [
    "nix" "nix-build" "nix-channel" "nix-collect-garbage" "nix-copy-closure" "nix-daemon" "nix-env" "nix-hash"
    "nix-instantiate" "nix-shell" "nix-store"
  ];
  shadow = [ "sbin/useradd" "sbin/usermod" "sbin/groupadd" "passwd" "su" ];
  curl = [ "curl" ];
  wget = [ "wget" ];
  git = [ "git" ];
  gh = [ "gh" ];
  jq = [ "jq" ];
  vim = [ "vim" ];
  nano = [ "nano" ];
  htop = [ "htop" ];
  btop = [ "btop" ];
  tree = [ "tree" ];
  tmux = [ "tmux" ];
  unzip = [ "unzip" ];
  rsync = [ "rsync" ];
  dig = [ "dig" ];
  dnsutils = [ "dig" ];
  bind = [ "dig" ];
  tcpdump = [ "tcpdump" ];
  ethtool = [ "sbin/ethtool" ];
  lsof = [ "lsof" ];
  pciutils = [ "lspci" ];
  usbutils = [ "lsusb" ];
  python3 = [ "python3" ];
  perl = [ "perl" ];
  nodejs = [ "node" ];
  kbd = [ "loadkeys" ];
  kmod = [ "sbin/modprobe" ];
  procps = [ "ps" "pgrep" "pkill" "sysctl" ];
  e2fsprogs = [ "sbin/resize2fs" "sbin/mkfs.ext4" ];
}
