# Configuration file formats: a type for the settings and a generator of the file.
{ lib, pkgs }:
let
  inherit (lib.types) nullOr oneOf bool int float str path attrsOf lazyAttrsOf listOf either;
  atom = nullOr (oneOf [ bool int float str path ]);
  value = oneOf [ atom (lazyAttrsOf value) (listOf value) ] // { description = "JSON value"; };
in
{
  json = _: { type = value; generate = name: settings: pkgs.writeText name (builtins.toJSON settings); };
  # JSON is YAML.
  yaml = _: { type = value // { description = "YAML value"; }; generate = name: settings: pkgs.writeText name (builtins.toJSON settings); };
  ini = _: {
    type = attrsOf (attrsOf (either atom (listOf atom)));
    generate = name: settings: pkgs.writeText name (lib.generators.toINI { } settings);
  };
  keyValue = _: { type = attrsOf atom; generate = name: settings: pkgs.writeText name (lib.generators.toKeyValue { } settings); };
  toml = _: throw "stand-in: not supported: formats.toml";
}
