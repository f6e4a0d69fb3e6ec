# What a system is called, which release it plays, and what must hold before it may be built.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.system.nixos;
in
{
  options = {
    assertions = mkOption {
      type = types.listOf types.unspecified;
      default = [ ];
      description = "Each { assertion, message }; the build fails with the messages of those that do not hold.";
    };
    warnings = mkOption { type = types.listOf types.str; default = [ ]; };
    system.build = mkOption { type = types.lazyAttrsOf types.unspecified; default = { }; };
    system.name = mkOption {
      type = types.str;
      default = if config.networking.hostName == "" then "unnamed" else config.networking.hostName;
    };
    system.stateVersion = mkOption { type = types.strMatching "[0-9]{2}\\.[0-9]{2}"; default = cfg.release; };
    system.configurationRevision = mkOption { type = types.nullOr types.str; default = null; };
    system.rebuild.enableNg = mkOption { type = types.bool; default = true; };
    system.etc.overlay.enable = mkOption { type = types.enum [ false ]; default = false; };
    system.switch.inhibitors = mkOption {
      type = types.attrsOf types.str;
      default = { };
      description = "A key that two generations hold with different values forbids to switch from one to the other.";
    };
    system.nixos = {
      release = mkOption { type = types.strMatching "[0-9]{2}\\.[0-9]{2}"; default = "25.11"; };
      version = mkOption { type = types.str; default = "${cfg.release}-stand-in"; };
      label = mkOption { type = types.strMatching "[a-zA-Z0-9:_.-]*"; default = cfg.version; };
      distroId = mkOption { type = types.str; default = "nixos"; };
      distroName = mkOption { type = types.str; default = "NixOS"; };
      variant_id = mkOption { type = types.nullOr types.str; default = "stand-in"; };
    };
  };

  config = {
    # D-Bus cannot be exchanged under a running system; 26.05 made its implementation the first inhibitor.
    system.switch.inhibitors = lib.mkIf (lib.versionAtLeast cfg.release "26.05") { dbus-implementation = "broker"; };
    environment.etc.os-release.text = lib.concatLines [
      "NAME=${cfg.distroName}"
      "ID=${cfg.distroId}"
      "VERSION_ID=\"${cfg.release}\""
      "BUILD_ID=\"${cfg.version}\""
      "PRETTY_NAME=\"NixOS ${cfg.release} (stand-in on Debian)\""
      "VARIANT_ID=${toString cfg.variant_id}"
      "DEFAULT_HOSTNAME=${cfg.distroId}"
    ];
    environment.etc.NIXOS.text = "";
  };
}
