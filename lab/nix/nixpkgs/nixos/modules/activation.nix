# The activation script: each snippet after those it depends on, `etc` after `users`, a failure never the end.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  snippet = types.submodule {
    options = {
      text = mkOption { type = types.lines; default = ""; };
      deps = mkOption { type = types.listOf types.str; default = [ ]; };
      supportsDryActivation = mkOption { type = types.bool; default = false; };
    };
  };
  snippets = config.system.activationScripts;

  # Names in an order in which every dependency comes first.
  inOrder = builtins.foldl' visit [ ] (builtins.attrNames snippets);
  visit = seen: name:
    if builtins.elem name seen then seen
    else builtins.foldl' visit seen (snippets.${name} or (throw "activation script `${name}' does not exist")).deps ++ [ name ];

  run = name: ''
    ( set -e
      #### Activation script snippet ${name}:
    ${snippets.${name}.text}
    )
    _localstatus=$?
    if [ "$_localstatus" -ne 0 ]; then
      printf "Activation script snippet '%s' failed (%s)\n" ${lib.escapeShellArg name} "$_localstatus"
      _status=1
    fi
  '';
  dry = builtins.filter (name: snippets.${name}.supportsDryActivation) inOrder;
  wrap = names: builtins.replaceStrings [ "@snippets@" ] [ (lib.concatMapStrings run names) ];
in
{
  options.system.activationScripts = mkOption {
    type = types.attrsOf (types.coercedTo types.str (text: { inherit text; }) snippet);
    default = { };
  };
  config.system.activationScripts.etc = {
    deps = [ "users" ];
    text = builtins.replaceStrings [ "@etc@" ] [ "${config.system.build.etc}/etc" ] (builtins.readFile ../system/setup-etc.sh);
  };
  config.system.build.activate = pkgs.writeText "activate.in" (wrap inOrder (builtins.readFile ../system/activate.sh));
  config.system.build.dryActivate = pkgs.writeText "dry-activate.in" (wrap dry (builtins.readFile ../system/dry-activate.sh));
}
