# Packages of the stand-in. None holds a program: each is a store path whose `bin` links to the programs of
# the machine it runs on (Debian), so `${pkgs.iproute2}/bin/ip` works and a unit's PATH is as narrow as on NixOS.
{ system }:
let
  lib = import ../lib;
  builders = import ./builders.nix { inherit lib system pkgs; };
  commands = import ./commands.nix;

  fake = pname: programs: builders.run pname { }
    (lib.concatLines ([ "mkdir -p $out/bin" ]
      ++ map (program: "ln -s ${lib.escapeShellArg (locate program)} $out/bin/${baseNameOf program}") programs))
  // {
    inherit pname;
    version = "stand-in";
    meta = { mainProgram = baseNameOf (builtins.head programs); description = "Links to the programs of the machine"; };
    override = _: pkgs.${pname};
    overrideAttrs = _: throw "stand-in: not supported: overrideAttrs of ${pname}";
  };
  locate = program: if lib.hasPrefix "/" program then program
    else if lib.hasPrefix "sbin/" program then "/usr/${program}" else "/usr/bin/${program}";

  refused = name: throw "stand-in: not supported: pkgs.${name} (nothing is fetched or compiled here)";

  pkgs =
    lib.genAttrs [
      "fetchurl" "fetchgit" "fetchzip" "fetchFromGitHub" "fetchFromGitLab" "fetchpatch" "buildNpmPackage"
      "buildGoModule" "buildEnv" "dockerTools" "rustPlatform" "python3Packages" "nodePackages" "callPackages"
      "linuxPackagesFor" "nixosTest" "testers"
    ] refused
    // builtins.mapAttrs fake commands
    // {
      # The machine has no bash; scripts meet its POSIX shell under bash's name.
      bash = builders.run "bash" { } "mkdir -p $out/bin; ln -s /bin/sh $out/bin/bash; ln -s /bin/sh $out/bin/sh"
        // { pname = "bash"; meta.mainProgram = "bash"; };
      bashInteractive = pkgs.bash;
      inherit lib system;
      inherit (builders) run runCommand runCommandLocal writeText writeTextFile writeTextDir writeScript
        writeScriptBin writeShellScript writeShellScriptBin writeShellApplication symlinkJoin linkFarm emptyDirectory;
      formats = import ./formats.nix { inherit lib pkgs; };
      runtimeShell = "${pkgs.bash}/bin/bash";
      stdenv = { hostPlatform = pkgs.hostPlatform; isLinux = true; mkDerivation = refused "stdenv.mkDerivation"; };
      hostPlatform = { inherit system; isLinux = true; isx86_64 = system == "x86_64-linux"; isAarch64 = system == "aarch64-linux"; };
      callPackage = path: overrides:
        let function = if builtins.isFunction path then path else import path;
        in function (builtins.intersectAttrs (builtins.functionArgs function) pkgs // overrides);
      config = { };
      # A kernel is a name: another one gives another store path, which is all that "reboot needed" looks at.
      linuxPackages = pkgs.linuxPackages_6_12;
      linuxPackages_latest = pkgs.linuxPackages_6_18;
      linuxPackages_6_6 = { kernel = { version = "6.6.0"; }; };
      linuxPackages_6_12 = { kernel = { version = "6.12.0"; }; };
      linuxPackages_6_18 = { kernel = { version = "6.18.0"; }; };
    };
in
pkgs
