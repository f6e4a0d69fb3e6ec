# Values as text: INI for key files, Nix-like for error messages.
{ lib }:
let
  scalar = value:
    if value == true then "true"
    else if value == false then "false"
    else if builtins.isList value || (builtins.isAttrs value && !(lib.isStringLike value))
    then throw "stand-in: not supported: a nested value in an INI section"
    else toString value;
in
rec {
  mkKeyValueDefault = _: separator: name: value: "${name}${separator}${scalar value}";
  toKeyValue = _: set: lib.concatStrings (lib.mapAttrsToList (name: value: "${name}=${scalar value}\n") set);
  toINI = _: sections:
    builtins.concatStringsSep "\n" (lib.mapAttrsToList
      (name: values: "[${name}]\n" + toKeyValue { } (lib.filterAttrs (_: value: value != null) values))
      sections);
  toJSON = _: builtins.toJSON;
  toYAML = _: builtins.toJSON;
  toPretty = settings: value:
    if builtins.isString value then builtins.toJSON value
    else if builtins.isBool value then lib.boolToString value
    else if value == null then "null"
    else if builtins.isInt value || builtins.isFloat value || builtins.isPath value then toString value
    else if builtins.isFunction value then "<function>"
    else if builtins.isList value then
      if value == [ ] then "[ ]" else "[ ${lib.concatMapStringsSep " " (toPretty settings) value} ]"
    else if lib.isDerivation value then "<derivation ${value.name or "???"}>"
    else if value == { } then "{ }"
    else "{ ${lib.concatStrings (lib.mapAttrsToList (name: item: "${lib.showOptionPart name} = ${toPretty settings item}; ") value)}}";
}
