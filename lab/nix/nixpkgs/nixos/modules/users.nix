# Accounts, their keys, and who may become root.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  strings = mkOption { type = types.listOf types.str; default = [ ]; };
  flag = default: mkOption { type = types.bool; inherit default; };
  maybe = type: mkOption { type = types.nullOr type; default = null; };
  user = { name, ... }: {
    options = {
      name = mkOption { type = types.str; default = name; };
      isNormalUser = flag false;
      isSystemUser = flag false;
      createHome = flag false;
      linger = flag false;
      description = mkOption { type = types.str; default = ""; };
      group = mkOption { type = types.str; default = "users"; };
      home = maybe types.path;
      shell = maybe (types.either types.package types.path);
      uid = maybe types.int;
      extraGroups = strings;
      packages = mkOption { type = types.listOf types.package; default = [ ]; };
      openssh.authorizedKeys.keys = strings;
      openssh.authorizedKeys.keyFiles = mkOption { type = types.listOf types.path; default = [ ]; };
    } // lib.genAttrs [ "password" "initialPassword" "hashedPassword" "initialHashedPassword" "hashedPasswordFile" ] (_: maybe types.str);
  };
  cfg = config.users.users;
  normal = lib.filterAttrs (_: account: account.isNormalUser) cfg;
  keysOf = account: account.openssh.authorizedKeys.keys ++ map lib.fileContents account.openssh.authorizedKeys.keyFiles;
  quote = lib.escapeShellArg;
in
{
  options = {
    users.users = mkOption { type = types.attrsOf (types.submodule user); default = { }; };
    users.groups = mkOption { type = types.attrsOf types.attrs; default = { }; };
    users.mutableUsers = flag true;
    users.defaultUserShell = maybe (types.either types.package types.path);
    security.sudo = {
      enable = flag true;
      wheelNeedsPassword = flag true;
      execWheelOnly = flag false;
      extraRules = mkOption { type = types.listOf types.attrs; default = [ ]; };
      extraConfig = mkOption { type = types.lines; default = ""; };
    };
    security.polkit.enable = flag true;
    security.rtkit.enable = flag false;
  };

  config = {
    environment.etc = lib.concatMapAttrs
      (name: account: lib.optionalAttrs (keysOf account != [ ]) {
        "ssh/authorized_keys.d/${name}" = { text = lib.concatLines (keysOf account); mode = "0444"; };
      })
      cfg // lib.optionalAttrs config.security.sudo.enable {
      "sudoers.d/nixos" = {
        mode = "0440";
        text = "%wheel ALL=(ALL:ALL) ${lib.optionalString (!config.security.sudo.wheelNeedsPassword) "NOPASSWD: "}SETENV: ALL\n"
          + config.security.sudo.extraConfig;
      };
    };
    # An account that exists is left as it is: the stand-in adds, it never changes or removes a user.
    system.activationScripts.users = lib.concatLines (
      map (group: "getent group ${quote group} >/dev/null || groupadd --system ${quote group}")
        (lib.unique ([ "wheel" ] ++ builtins.attrNames config.users.groups ++ builtins.concatMap (account: account.extraGroups) (builtins.attrValues normal)))
      ++ lib.mapAttrsToList
        (name: account:
          "getent passwd ${quote name} >/dev/null || useradd --create-home --shell /bin/sh"
          + lib.optionalString (account.extraGroups != [ ]) " --groups ${quote (builtins.concatStringsSep "," account.extraGroups)}"
          + " ${quote name}")
        normal);
  };
}
