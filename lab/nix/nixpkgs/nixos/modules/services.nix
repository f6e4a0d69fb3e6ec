# The services of a Proxmox guest. Debian's daemons do the work; the options decide their files.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  flag = default: mkOption { type = types.bool; inherit default; };
  value = (pkgs.formats.yaml { }).type;
  cloud = config.services.cloud-init;
  ssh = config.services.openssh;
  # The daemon is Debian's: it knows no distribution of the name nixos, and would write network files that NixOS's
  # never writes, so those two are told otherwise in the file and stay as they are in the options.
  asDebian = settings: lib.recursiveUpdate settings (
    { system_info.distro = "debian"; } // lib.optionalAttrs (!cloud.network.enable) { network.config = "disabled"; });
  render = setting: if builtins.isBool setting then (if setting then "yes" else "no") else toString setting;
in
{
  options.services = {
    cloud-init = {
      enable = flag false;
      network.enable = flag false;
      btrfs.enable = flag false;
      ext4.enable = flag false;
      xfs.enable = flag false;
      extraPackages = mkOption { type = types.listOf types.package; default = [ ]; };
      settings = mkOption { type = types.attrsOf value; default = { }; };
      config = mkOption { type = types.str; default = ""; };
    };
    openssh = {
      enable = flag false;
      openFirewall = flag true;
      startWhenNeeded = flag false;
      ports = mkOption { type = types.listOf types.port; default = [ 22 ]; };
      hostKeys = mkOption { type = types.listOf types.attrs; default = [ ]; };
      extraConfig = mkOption { type = types.lines; default = ""; };
      settings = mkOption {
        type = types.attrsOf (types.nullOr (types.oneOf [ types.bool types.int types.str (types.listOf types.str) ]));
        default = { };
      };
    };
    qemuGuest.enable = flag false;
    qemuGuest.package = mkOption { type = types.package; default = pkgs.qemu-guest-agent; };
    resolved.enable = flag false;
    timesyncd.enable = flag true;
    fstrim.enable = flag false;
    journald.extraConfig = mkOption { type = types.lines; default = ""; };
    getty.autologinUser = mkOption { type = types.nullOr types.str; default = null; };
    logrotate.enable = flag true;
    dbus.implementation = mkOption {
      type = types.enum [ "dbus" "broker" ];
      default = if lib.versionAtLeast config.system.nixos.release "26.05" then "broker" else "dbus";
    };
  };

  config = {
    # Per top-level key a plain definition drops the default under it, as in the product.
    services.cloud-init.settings = lib.mkIf cloud.enable (builtins.mapAttrs (_: lib.mkDefault) {
      system_info = { distro = "nixos"; network.renderers = [ "networkd" ]; };
      users = [ "root" ];
      disable_root = false;
      preserve_hostname = false;
      cloud_init_modules = [
        "migrator" "seed_random" "bootcmd" "write-files" "growpart" "resizefs" "update_hostname" "resolv_conf" "ca-certs"
        "rsyslog" "users-groups"
      ];
      cloud_config_modules = [ "disk_setup" "mounts" "ssh-import-id" "set-passwords" "timezone" "disable-ec2-metadata" "runcmd" "ssh" ];
      cloud_final_modules = [
        "rightscale_userdata" "scripts-vendor" "scripts-per-once" "scripts-per-boot" "scripts-per-instance" "scripts-user"
        "ssh-authkey-fingerprints" "keys-to-console" "phone-home" "final-message" "power-state-change"
      ];
    });
    environment.etc = lib.optionalAttrs cloud.enable {
      "cloud/cloud.cfg".text = if cloud.config != "" then cloud.config else "#cloud-config\n${builtins.toJSON (asDebian cloud.settings)}\n";
    } // lib.optionalAttrs ssh.enable {
      "ssh/sshd_config.d/10-nixos.conf".text = lib.concatLines (
        [ "AuthorizedKeysFile %h/.ssh/authorized_keys /etc/ssh/authorized_keys.d/%u" ]
        ++ map (port: "Port ${toString port}") ssh.ports
        ++ lib.mapAttrsToList (name: setting: "${name} ${render setting}") (lib.filterAttrs (_: setting: setting != null) ssh.settings)
      ) + ssh.extraConfig;
    };
    systemd.services.sshd = lib.mkIf ssh.enable {
      wantedBy = [ "multi-user.target" ];
      restartTriggers = [ config.environment.etc."ssh/sshd_config.d/10-nixos.conf".source ];
    };
  };
}
