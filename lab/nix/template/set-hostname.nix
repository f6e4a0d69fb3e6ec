# A template whose owner listed set_hostname, which NixOS leaves out: cloud-init then tries to write the declared
# /etc/hostname on every clone, fails, and has finished all the same.
{
  imports = [ ./plain.nix ];
  services.cloud-init.settings.cloud_init_modules = [
    "seed_random" "bootcmd" "write-files" "set_hostname" "update_hostname" "ca-certs" "rsyslog" "users-groups"
  ];
}
