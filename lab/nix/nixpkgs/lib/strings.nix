# Strings, by the names of the nixpkgs manual.
{ lib }:
let
  inherit (builtins) stringLength substring replaceStrings;
  lower = lib.stringToCharacters "abcdefghijklmnopqrstuvwxyz";
  upper = lib.stringToCharacters "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
in
{
  inherit (builtins) concatStringsSep stringLength substring replaceStrings match split splitVersion compareVersions;
  concatStrings = builtins.concatStringsSep "";
  concatMapStrings = function: values: builtins.concatStringsSep "" (map function values);
  concatMapStringsSep = separator: function: values: builtins.concatStringsSep separator (map function values);
  concatMapAttrsStringSep = separator: function: set: builtins.concatStringsSep separator (lib.mapAttrsToList function set);
  concatLines = lib.concatMapStrings (line: line + "\n");
  optionalString = condition: text: if condition then text else "";
  stringToCharacters = text: builtins.genList (index: substring index 1 text) (stringLength text);
  hasPrefix = prefix: text: substring 0 (stringLength prefix) text == prefix;
  hasSuffix = suffix: text:
    let start = stringLength text - stringLength suffix; in start >= 0 && substring start (-1) text == suffix;
  hasInfix = infix: text: replaceStrings [ infix ] [ "" ] text != text || infix == "";
  removePrefix = prefix: text: if lib.hasPrefix prefix text then substring (stringLength prefix) (-1) text else text;
  removeSuffix = suffix: text:
    if lib.hasSuffix suffix text then substring 0 (stringLength text - stringLength suffix) text else text;
  splitString = separator: text:
    builtins.filter builtins.isString (builtins.split (lib.escapeRegex separator) text);
  escape = characters: replaceStrings characters (map (character: "\\" + character) characters);
  escapeRegex = lib.escape (lib.stringToCharacters "\\[{()^$?*+|.");
  escapeShellArg = value: "'${replaceStrings [ "'" ] [ "'\\''" ] (toString value)}'";
  escapeShellArgs = lib.concatMapStringsSep " " lib.escapeShellArg;
  toShellVar = name: value: "${name}=${lib.escapeShellArg value}";
  toLower = replaceStrings upper lower;
  toUpper = replaceStrings lower upper;
  trim = text:
    let found = builtins.match "[[:space:]]*(.*[^[:space:]])[[:space:]]*" text;
    in if found == null then "" else builtins.head found;
  fileContents = path: lib.removeSuffix "\n" (builtins.readFile path);
  isStringLike = value:
    builtins.isString value || builtins.isPath value || (builtins.isAttrs value && (value ? outPath || value ? __toString));
  toInt = text:
    let found = builtins.fromJSON text; in if builtins.isInt found then found else throw "Could not convert ${text} to int.";
  fixedWidthString = width: filler: text:
    if stringLength text >= width then text else lib.fixedWidthString width filler (filler + text);
  fixedWidthNumber = width: number: lib.fixedWidthString width "0" (toString number);
  versionAtLeast = version: floor: builtins.compareVersions version floor >= 0;
  versionOlder = version: ceiling: builtins.compareVersions version ceiling < 0;
  versions.majorMinor = version: builtins.concatStringsSep "." (lib.take 2 (builtins.splitVersion version));
}
