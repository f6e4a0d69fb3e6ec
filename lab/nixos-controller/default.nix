# What a NixOS-like controller has in its store. `node` and `nodeVersion`: the Node that stands for nixpkgs' nodejs;
# `package`: the package of Truename.
{ node, nodeVersion, package ? ../../nix/package.nix }:
let
  lib = import ../nix/nixpkgs/lib;
  # The machine's own tools make it, without a sandbox; bash, as in nixpkgs. It runs to its end itself: where a program
  # took its place for the last command, Nix would kill that once it has closed its output (DerivationGoal::buildDone).
  run = name: environment: script: derivation ({
    inherit name;
    system = builtins.currentSystem;
    builder = "/bin/bash";
    args = [ "-euo" "pipefail" "-c" "${script}\n:" ];
    PATH = "/usr/bin:/bin:/usr/sbin:/sbin";
    preferLocalBuild = true;
  } // environment);
  programs = import ./programs.nix { inherit lib run; } { inherit node nodeVersion; };
  functions = import ./functions.nix { inherit lib run; inherit (programs) bash; };
in
{
  inherit (programs) openssh;

  truename = import package {
    lib = functions.lib';
    inherit (functions) stdenvNoCC makeWrapper;
    inherit (programs) nodejs openssh;
  };

  # Neither node nor ssh: those that Truename uses are found through its own package alone.
  systemPath = run "system-path" { } ''
    mkdir -p $out/bin
    ln -s ${programs.bash}/bin/* ${programs.coreutils}/bin/* $out/bin
  '';
}
