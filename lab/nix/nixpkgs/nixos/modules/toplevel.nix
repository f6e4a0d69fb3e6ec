# The system as one store path, laid out as NixOS lays it out, so that every reader of it can be exercised.
{ config, lib, pkgs, ... }:
let
  inherit (config) boot;
  version = boot.kernelPackages.kernel.version;
  described = value: builtins.toJSON value;

  kernel = pkgs.run "linux-${version}" { } "mkdir $out; echo ${version} > $out/bzImage";
  modules = pkgs.run "kernel-modules-${version}"
    { description = described [ version (map (package: "${package}") boot.extraModulePackages) ]; }
    "mkdir -p $out/lib/modules/${version}; echo \"$description\" > $out/lib/modules/${version}/modules.stand-in";
  initrd = pkgs.run "initrd-linux-${version}"
    { description = described [ version boot.initrd ]; }
    "mkdir $out; echo \"$description\" > $out/initrd";
  params = toString boot.kernelParams;
  label = "NixOS ${config.system.nixos.label} (stand-in)";

  name = "nixos-system-${config.system.name}-${config.system.nixos.label}";
  system = pkgs.run name { inherit params; specification = described bootspec; } ''
    mkdir -p $out/bin $out/specialisation
    ln -s ${kernel}/bzImage $out/kernel
    ln -s ${initrd}/initrd $out/initrd
    ln -s ${modules} $out/kernel-modules
    ln -s ${config.system.build.etc}/etc $out/etc
    ln -s ${software} $out/sw
    ln -s ${config.systemd.package} $out/systemd
    printf '%s' "$params" > $out/kernel-params
    printf '%s' ${lib.escapeShellArg config.system.nixos.label} > $out/nixos-version
    printf '%s' ${pkgs.system} > $out/system
    printf '%s' ${lib.escapeShellArg config.system.name} > $out/configuration-name
    printf 'systemd 2' > $out/init-interface-version
    printf '%s\n' "$specification" | sed "s|@out@|$out|g" > $out/boot.json
    cp ${inhibitors} $out/switch-inhibitors
    install() { sed "s|@out@|$out|g" "$1" > "$2"; chmod 0555 "$2"; }
    install ${config.system.build.activate} $out/activate
    install ${config.system.build.dryActivate} $out/dry-activate
    install ${../system/init.sh} $out/init
    install ${../system/switch-to-configuration.sh} $out/bin/switch-to-configuration
  '';
  bootspec."org.nixos.bootspec.v1" = {
    inherit label;
    system = pkgs.system;
    kernel = "${kernel}/bzImage";
    kernelParams = boot.kernelParams;
    initrd = "${initrd}/initrd";
    toplevel = "@out@";
    init = "@out@/init";
  };
  bootspec."org.nixos.specialisation.v1" = { };
  # JSON, one key a line: the switch script compares it with the shell's means.
  inhibitors = pkgs.writeText "switch-inhibitors" ("{\n"
    + builtins.concatStringsSep ",\n" (lib.mapAttrsToList (key: value: "${builtins.toJSON key}: ${builtins.toJSON value}") config.system.switch.inhibitors)
    + "\n}\n");
  software = pkgs.symlinkJoin {
    name = "system-path";
    paths = lib.unique (config.environment.systemPackages ++ [ pkgs.coreutils pkgs.findutils pkgs.gnugrep pkgs.gnused pkgs.systemd pkgs.bash ]);
  };

  failed = map (entry: entry.message) (builtins.filter (entry: !entry.assertion) config.assertions);
  judged = built:
    if failed != [ ] then throw "\nFailed assertions:\n${lib.concatMapStringsSep "\n" (message: "- ${message}") failed}"
    else builtins.foldl' (value: message: lib.warn message value) built config.warnings;
in
{
  config.system.build = {
    toplevel = judged system;
    # What the product builds and executes first unless told --no-reexec; here a note, since the command is a stand-in.
    nixos-rebuild = pkgs.writeTextDir "share/stand-in" "nixos-rebuild (stand-in)\n";
    inherit kernel;
    initialRamdisk = initrd;
  };
}
