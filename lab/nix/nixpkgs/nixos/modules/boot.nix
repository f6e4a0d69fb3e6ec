# What is booted. Nothing here is a kernel: the store paths only differ when these options differ.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  flag = default: mkOption { type = types.bool; inherit default; };
  names = mkOption { type = types.listOf types.str; default = [ ]; };
  switches = mkOption { type = types.attrsOf types.anything; default = { }; };
in
{
  options.boot = {
    kernelPackages = mkOption { type = types.raw; default = pkgs.linuxPackages; };
    kernelParams = names;
    kernelModules = names;
    extraModulePackages = mkOption { type = types.listOf types.package; default = [ ]; };
    blacklistedKernelModules = names;
    kernel.sysctl = mkOption { type = types.attrsOf (types.nullOr (types.oneOf [ types.bool types.int types.str ])); default = { }; };
    growPartition = flag false;
    supportedFilesystems = mkOption { type = types.either (types.listOf types.str) (types.attrsOf types.bool); default = [ ]; };
    tmp = { useTmpfs = flag false; cleanOnBoot = flag false; };
    consoleLogLevel = mkOption { type = types.int; default = 4; };
    initrd = {
      availableKernelModules = names;
      kernelModules = names;
      supportedFilesystems = mkOption { type = types.either (types.listOf types.str) (types.attrsOf types.bool); default = [ ]; };
      systemd.enable = flag (lib.versionAtLeast config.system.nixos.release "26.05");
      verbose = flag true;
    };
    loader = {
      timeout = mkOption { type = types.nullOr types.int; default = 5; };
      grub = switches;
      systemd-boot = switches;
      efi = switches;
    };
    isContainer = flag false;
  };

  config.environment.etc."sysctl.d/60-nixos.conf" = lib.mkIf (config.boot.kernel.sysctl != { }) {
    text = lib.concatLines (lib.mapAttrsToList
      (name: setting: "${name}=${if builtins.isBool setting then (if setting then "1" else "0") else toString setting}")
      (lib.filterAttrs (_: setting: setting != null) config.boot.kernel.sysctl));
  };
}
