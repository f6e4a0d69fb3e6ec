# Declaring options, and the words in which a wrong definition is reported.
{ lib }:
rec {
  mkOption = declaration: { _type = "option"; } // declaration;
  isOption = value: builtins.isAttrs value && value._type or null == "option";
  mkEnableOption = name: mkOption {
    type = lib.types.bool;
    default = false;
    example = true;
    description = "Whether to enable ${toString name}.";
  };
  mkPackageOption = pkgs: name: extra: mkOption ({
    type = lib.types.package;
    default =
      let path = lib.toList (extra.default or name);
      in lib.attrByPath path (throw "stand-in: not supported: package ${builtins.concatStringsSep "." path}") pkgs;
    description = "The ${toString name} package to use.";
  });
  literalExpression = text: { _type = "literalExpression"; inherit text; };
  literalMD = text: { _type = "literalMD"; inherit text; };
  mdDoc = text: text;

  # `a.b."c d"`: a name that is no identifier is quoted, as the product prints it.
  showOption = path: builtins.concatStringsSep "." (map showOptionPart path);
  showOptionPart = part:
    if builtins.match "[a-zA-Z_][a-zA-Z0-9_'-]*" part != null || builtins.elem part [ "*" "<name>" ] then part
    else builtins.toJSON part;

  # One line per definition; what cannot be shown is said to be so instead of ending the report.
  showDefs = definitions: lib.concatMapStrings showDefinition definitions;
  showDefinition = definition:
    let
      shown = builtins.tryEval (lib.generators.toPretty { } definition.value);
      text = if shown.success then ": ${shown.value}" else "";
    in
    "\n- In `${toString definition.file}'${text}";
  showFiles = files: lib.concatMapStringsSep " and " (file: "`${toString file}'") files;
}
