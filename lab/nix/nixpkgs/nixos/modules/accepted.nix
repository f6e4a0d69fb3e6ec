# Options that guests' configurations set and that change nothing in the stand-in: type-checked, then ignored,
# except nix.conf and the list of packages.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  flag = default: mkOption { type = types.bool; inherit default; };
  text = default: mkOption { type = types.str; inherit default; };
  anything = mkOption { type = types.attrsOf types.anything; default = { }; };
  value = types.oneOf [ types.bool types.int types.str (types.listOf types.str) ];
  render = setting: if builtins.isBool setting then lib.boolToString setting else toString setting;
in
{
  options = {
    environment.systemPackages = mkOption { type = types.listOf types.package; default = [ ]; };
    environment.variables = anything;
    environment.sessionVariables = anything;
    environment.shellAliases = mkOption { type = types.attrsOf types.str; default = { }; };
    environment.pathsToLink = mkOption { type = types.listOf types.str; default = [ ]; };
    nix.settings = mkOption { type = types.attrsOf value; default = { }; };
    nix.extraOptions = mkOption { type = types.lines; default = ""; };
    nix.package = mkOption { type = types.package; default = pkgs.nix; };
    nix.enable = flag true;
    nix.channel.enable = flag true;
    nix.nixPath = mkOption { type = types.listOf types.str; default = [ ]; };
    nix.gc = anything;
    nix.optimise = anything;
    nixpkgs.config = anything;
    nixpkgs.hostPlatform = mkOption { type = types.either types.str types.attrs; default = pkgs.system; };
    fileSystems = mkOption { type = types.attrsOf types.attrs; default = { }; };
    swapDevices = mkOption { type = types.listOf types.attrs; default = [ ]; };
    zramSwap = { enable = flag false; memoryPercent = mkOption { type = types.int; default = 50; }; algorithm = text "zstd"; priority = mkOption { type = types.int; default = 5; }; };
    time.timeZone = mkOption { type = types.nullOr types.str; default = null; };
    i18n.defaultLocale = text "en_US.UTF-8";
    i18n.extraLocaleSettings = anything;
    i18n.supportedLocales = mkOption { type = types.listOf types.str; default = [ ]; };
    console = anything;
    hardware = anything;
    programs = anything;
    documentation = anything;
    powerManagement = anything;
    virtualisation.diskSize = mkOption { type = types.either types.str types.int; default = "auto"; };
    security.pam = anything;
    meta = anything;
  };

  # The base settings are the lab's: no sandbox, no build users, no substituters, no daemon to ask.
  config.environment.etc."nix/nix.conf".text =
    builtins.readFile ../system/nix.conf
    + lib.concatLines (lib.mapAttrsToList (name: setting: "${name} = ${render setting}")
      (builtins.removeAttrs config.nix.settings [ "sandbox" "substituters" "trusted-public-keys" "build-users-group" "auto-optimise-store" ]))
    + config.nix.extraOptions;
}
