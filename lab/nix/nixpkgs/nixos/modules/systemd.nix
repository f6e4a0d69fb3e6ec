# Units, with the option names of NixOS.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  strings = mkOption { type = types.listOf types.str; default = [ ]; };
  text = mkOption { type = types.lines; default = ""; };
  flag = default: mkOption { type = types.bool; inherit default; };
  # A unit setting: lists of several definitions are joined, single values must agree.
  setting = types.mkOptionType {
    name = "systemd option";
    description = "systemd option";
    check = _: true;
    merge = path: definitions:
      if builtins.any (definition: builtins.isList definition.value) definitions
      then builtins.concatMap (definition: lib.toList definition.value) definitions
      else types.str.merge path definitions;
  };
  section = mkOption { type = types.attrsOf setting; default = { }; };
  common = {
    enable = flag true;
    description = mkOption { type = types.singleLineStr; default = ""; };
    documentation = strings;
    overrideStrategy = mkOption { type = types.enum [ "asDropinIfExists" "asDropin" ]; default = "asDropinIfExists"; };
    restartTriggers = mkOption { type = types.listOf types.unspecified; default = [ ]; };
    reloadTriggers = mkOption { type = types.listOf types.unspecified; default = [ ]; };
    startLimitBurst = mkOption { type = types.nullOr types.int; default = null; };
    startLimitIntervalSec = mkOption { type = types.nullOr types.int; default = null; };
    unitConfig = section;
  } // lib.genAttrs [
    "after" "before" "requires" "wants" "bindsTo" "partOf" "conflicts" "requisite" "upholds" "onFailure" "onSuccess"
    "wantedBy" "requiredBy" "aliases"
  ] (_: strings);
  service = {
    environment = mkOption { type = types.attrsOf (types.nullOr (types.oneOf [ types.str types.path types.package types.int ])); default = { }; };
    path = mkOption { type = types.listOf (types.either types.package types.str); default = [ ]; };
    enableDefaultPath = flag true;
    serviceConfig = section;
    script = text;
    preStart = text;
    postStart = text;
    preStop = text;
    postStop = text;
    reload = text;
    scriptArgs = mkOption { type = types.str; default = ""; };
    startAt = mkOption { type = types.coercedTo types.str lib.singleton (types.listOf types.str); default = [ ]; };
    restartIfChanged = flag true;
    reloadIfChanged = flag false;
    stopIfChanged = flag true;
  };
  unitsOf = extra: mkOption { type = types.attrsOf (types.submodule { options = common // extra; }); default = { }; };
in
{
  options.systemd = {
    package = mkOption { type = types.package; default = pkgs.systemd; };
    services = unitsOf service;
    targets = unitsOf { };
    timers = unitsOf { timerConfig = section; };
    sockets = unitsOf { socketConfig = section; listenStreams = strings; };
    paths = unitsOf { pathConfig = section; };
    slices = unitsOf { sliceConfig = section; };
    globalEnvironment = mkOption { type = types.attrsOf types.str; default = { }; };
    enableEmergencyMode = flag true;
    oomd = lib.genAttrs [ "enable" "enableRootSlice" "enableSystemSlice" "enableUserSlices" ] (_: flag true)
      // { extraConfig = section; settings = mkOption { type = types.attrs; default = { }; }; };
    tmpfiles.rules = strings;
    network = {
      enable = flag false;
      wait-online.enable = flag true;
      networks = mkOption {
        type = types.attrsOf (types.submodule {
          freeformType = types.attrsOf types.raw;
          options = lib.genAttrs [ "matchConfig" "networkConfig" "linkConfig" "dhcpV4Config" "dhcpV6Config" ] (_: section);
        });
        default = { };
      };
    };
  };

  config.systemd.timers = lib.mapAttrs
    (_: unit: { wantedBy = [ "timers.target" ]; timerConfig.OnCalendar = unit.startAt; })
    (lib.filterAttrs (_: unit: unit.startAt != [ ]) config.systemd.services);
}
