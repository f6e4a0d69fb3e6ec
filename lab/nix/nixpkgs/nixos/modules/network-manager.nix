# NetworkManager: its own file, dispatcher scripts, and the profiles written into /run after it has started.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.networking.networkmanager;
  ini = types.attrsOf (types.attrsOf types.raw);
  profile = types.submodule {
    freeformType = ini;
    options.connection = mkOption {
      type = types.submodule {
        freeformType = types.attrsOf types.raw;
        options.id = mkOption { type = types.str; };
        options.type = mkOption { type = types.str; };
      };
    };
  };
  keyFile = name: settings: pkgs.writeText "${name}.nmconnection" (lib.generators.toINI { } settings);
  ensure = cfg.ensureProfiles;
  folder = "/run/NetworkManager/system-connections";
in
{
  options.networking.networkmanager = {
    enable = mkOption { type = types.bool; default = false; };
    package = mkOption { type = types.package; default = pkgs.networkmanager; };
    settings = mkOption { type = ini; default = { }; };
    connectionConfig = mkOption { type = types.attrsOf types.raw; default = { }; };
    dhcp = mkOption { type = types.enum [ "internal" "dhcpcd" ]; default = "internal"; };
    dns = mkOption { type = types.enum [ "default" "dnsmasq" "systemd-resolved" "none" ]; default = "default"; };
    logLevel = mkOption { type = types.str; default = "WARN"; };
    unmanaged = mkOption { type = types.listOf types.str; default = [ ]; };
    plugins = mkOption { type = types.listOf types.package; default = [ ]; };
    wifi.powersave = mkOption { type = types.nullOr types.bool; default = null; };
    dispatcherScripts = mkOption {
      type = types.listOf (types.submodule {
        options.source = mkOption { type = types.path; };
        options.type = mkOption { type = types.enum [ "basic" "pre-up" "pre-down" ]; default = "basic"; };
      });
      default = [ ];
    };
    ensureProfiles.profiles = mkOption { type = types.attrsOf profile; default = { }; };
    ensureProfiles.environmentFiles = mkOption {
      type = types.listOf types.path;
      default = [ ];
      apply = files: if files == [ ] then files else throw "stand-in: not supported: networking.networkmanager.ensureProfiles.environmentFiles";
    };
  };

  config = lib.mkIf cfg.enable {
    networking.useDHCP = false;
    networking.networkmanager.settings = {
      main = { plugins = lib.mkDefault "keyfile"; dhcp = lib.mkDefault cfg.dhcp; dns = lib.mkDefault cfg.dns; };
      logging.level = lib.mkDefault cfg.logLevel;
      connection = cfg.connectionConfig;
      keyfile.unmanaged-devices = if cfg.unmanaged == [ ] then null else builtins.concatStringsSep ";" cfg.unmanaged;
    };
    users.groups.networkmanager = { };
    environment.etc = {
      "NetworkManager/NetworkManager.conf".text = lib.generators.toINI { } cfg.settings;
    } // builtins.listToAttrs (lib.imap1
      (number: script: {
        name = "NetworkManager/dispatcher.d/${lib.optionalString (script.type != "basic") "${script.type}.d/"}03userscript${lib.fixedWidthNumber 4 number}";
        value = { mode = "0544"; inherit (script) source; };
      })
      cfg.dispatcherScripts);
    systemd.services.NetworkManager = {
      wantedBy = [ "multi-user.target" ];
      restartTriggers = [ config.environment.etc."NetworkManager/NetworkManager.conf".source ];
    };
    systemd.services.NetworkManager-ensure-profiles = lib.mkIf (ensure.profiles != { }) {
      description = "Ensure that NetworkManager declarative profiles are created";
      wantedBy = [ "multi-user.target" ];
      before = [ "network-online.target" ];
      after = [ "NetworkManager.service" ];
      path = [ cfg.package ];
      script = ''
        mkdir -p ${folder}
      '' + lib.concatStrings (lib.mapAttrsToList
        (name: settings: ''
          cat ${keyFile name settings} > ${folder}/${name}.nmconnection
        '')
        ensure.profiles) + ''
        nmcli connection reload
      '';
      serviceConfig = { UMask = "0177"; Type = "oneshot"; };
    };
  };
}
