# `<nixpkgs/nixos>` of the stand-in: one configuration in, `config`, `options` and the system out.
{ configuration ? let variable = builtins.getEnv "NIXOS_CONFIG"; in if variable == "" then <nixos-config> else variable
, system ? builtins.currentSystem
}:
let
  lib = import ../lib;
  pkgs = import ../pkgs { inherit system; };
  evaluated = lib.evalModules {
    modules = [ configuration { _file = "nixos/default.nix"; _module.args = { inherit pkgs; }; } ] ++ import ./modules/module-list.nix;
    specialArgs.modulesPath = toString ./modules;
  };
in
{
  inherit (evaluated) config options;
  inherit pkgs;
  system = evaluated.config.system.build.toplevel;
}
