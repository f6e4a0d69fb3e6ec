# Attribute sets, by the names of the nixpkgs manual.
{ lib }:
let
  inherit (builtins) attrNames listToAttrs map head tail isAttrs;
in
{
  inherit (builtins) attrNames attrValues mapAttrs hasAttr getAttr listToAttrs intersectAttrs removeAttrs catAttrs zipAttrsWith;
  nameValuePair = name: value: { inherit name value; };
  genAttrs = names: function: listToAttrs (map (name: { inherit name; value = function name; }) names);
  mapAttrs' = function: set: listToAttrs (map (name: function name set.${name}) (attrNames set));
  mapAttrsToList = function: set: map (name: function name set.${name}) (attrNames set);
  attrsToList = lib.mapAttrsToList lib.nameValuePair;
  concatMapAttrs = function: set: builtins.foldl' (all: name: all // function name set.${name}) { } (attrNames set);
  foldlAttrs = function: start: set: builtins.foldl' (all: name: function all name set.${name}) start (attrNames set);
  filterAttrs = accepts: set:
    listToAttrs (builtins.concatMap
      (name: if accepts name set.${name} then [{ inherit name; value = set.${name}; }] else [ ])
      (attrNames set));
  optionalAttrs = condition: set: if condition then set else { };
  mergeAttrsList = builtins.foldl' (a: b: a // b) { };
  attrByPath = path: fallback: set:
    if path == [ ] then set
    else if isAttrs set && set ? ${head path} then lib.attrByPath (tail path) fallback set.${head path}
    else fallback;
  hasAttrByPath = path: set:
    path == [ ] || (isAttrs set && set ? ${head path} && lib.hasAttrByPath (tail path) set.${head path});
  getAttrFromPath = path: lib.attrByPath path (throw "cannot find attribute `${builtins.concatStringsSep "." path}'");
  setAttrByPath = path: value:
    if path == [ ] then value else { ${head path} = lib.setAttrByPath (tail path) value; };
  getAttrs = names: set: lib.genAttrs names (name: set.${name});
  attrVals = names: set: map (name: set.${name}) names;
  recursiveUpdate = left: right:
    left // builtins.mapAttrs
      (name: value:
        if left ? ${name} && isAttrs left.${name} && isAttrs value && !(lib.isDerivation value)
        then lib.recursiveUpdate left.${name} value
        else value)
      right;
  mapAttrsRecursive = function:
    let
      walk = path: builtins.mapAttrs
        (name: value: if isAttrs value then walk (path ++ [ name ]) value else function (path ++ [ name ]) value);
    in
    walk [ ];
  zipAttrs = builtins.zipAttrsWith (_: values: values);
}
