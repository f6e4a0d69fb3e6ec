# /etc as the configuration declares it: one store tree of links, with mode files where a copy is wanted.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  entry = { name, config, ... }: {
    options = {
      enable = mkOption { type = types.bool; default = true; };
      target = mkOption { type = types.str; default = name; };
      text = mkOption { type = types.nullOr types.lines; default = null; };
      source = mkOption { type = types.path; };
      mode = mkOption { type = types.str; default = "symlink"; };
      user = mkOption { type = types.str; default = "root"; };
      group = mkOption { type = types.str; default = "root"; };
    };
    config.source = lib.mkIf (config.text != null) (lib.mkDefault (pkgs.writeText "etc-${baseNameOf name}" config.text));
  };
  quote = lib.escapeShellArg;
  place = file: ''
    mkdir -p "$(dirname "$out/etc/"${quote file.target})"
    ln -s ${quote "${file.source}"} "$out/etc/"${quote file.target}
  '' + lib.optionalString (file.mode != "symlink") ''
    echo ${quote file.mode} > "$out/etc/"${quote file.target}.mode
    echo ${quote "${file.user}:${file.group}"} > "$out/etc/"${quote file.target}.owner
  '';
  files = builtins.filter (file: file.enable) (builtins.attrValues config.environment.etc);
in
{
  options.environment.etc = mkOption { type = types.attrsOf (types.submodule entry); default = { }; };
  config.system.build.etc = pkgs.run "etc" { } ("mkdir -p $out/etc\n" + lib.concatMapStrings place files);
}
