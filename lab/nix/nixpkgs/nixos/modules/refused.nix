# Options whose effect the stand-in cannot play: defining one ends the evaluation with words of its own.
{ lib, ... }:
let
  inherit (lib) mkOption types;
  refuse = name: mkOption {
    type = types.raw // { merge = _: _: throw "stand-in: not supported: ${name}"; };
    default = lib.mkIf false null;
  };
in
{
  options = {
    nixpkgs.overlays = refuse "nixpkgs.overlays";
    nixpkgs.pkgs = refuse "nixpkgs.pkgs";
    specialisation = refuse "specialisation";
    containers = refuse "containers";
    system.nixos-init = refuse "system.nixos-init";
    systemd.sysusers = refuse "systemd.sysusers";
    services.userborn = refuse "services.userborn";
    boot.loader.external = refuse "boot.loader.external";
  };
}
