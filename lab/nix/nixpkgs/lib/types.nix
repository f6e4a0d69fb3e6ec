# Option types: what a definition may be (`check`) and how several of them become one value (`merge`).
# Descriptions are the product's, because they appear in its error messages.
{ lib }:
let
  inherit (builtins) isAttrs isBool isInt isList isString map filter length head all any attrNames;
  inherit (lib) mergeDefinitions showOption showDefs showFiles;

  mkType = { name, description, check, merge ? mergeEqual, ... }@type:
    { inherit merge; _type = "option-type"; } // type;

  conflict = path: definitions: throw
    "The option `${showOption path}' has conflicting definition values:${showDefs definitions}\nUse `lib.mkForce value` or `lib.mkDefault value` to change the priority on any of these definitions.";

  mergeEqual = path: definitions:
    if all (definition: definition.value == (head definitions).value) definitions
    then (head definitions).value
    else conflict path definitions;

  mergeOne = path: definitions:
    if length definitions == 1 then (head definitions).value
    else throw "The option `${showOption path}' is defined multiple times while it's expected to be unique.\nDefinition values:${showDefs definitions}";

  parenthesised = type:
    if builtins.match ".* or .*" type.description != null then "(${type.description})" else type.description;

  # Merges attribute sets name by name; `keep` says which merged entries stay.
  mergeNamed = keep: elementType: path: definitions:
    let
      pieces = builtins.concatMap
        (definition: map (value: { inherit (definition) file; inherit value; }) (lib.pushDown definition.value))
        definitions;
      byName = builtins.zipAttrsWith
        (name: found: mergeDefinitions (path ++ [ name ]) elementType found)
        (map (piece: builtins.mapAttrs (_: value: { inherit (piece) file; inherit value; }) piece.value) pieces);
    in
    builtins.mapAttrs (_: merged: merged.value) (keep byName);

  between = low: high: types.addCheck types.int (value: value >= low && value <= high) // {
    name = "intBetween";
    description = "integer between ${toString low} and ${toString high} (both inclusive)";
  };

  types = rec {
    mkOptionType = mkType;
    raw = mkType { name = "raw"; description = "raw value"; check = _: true; merge = mergeOne; };
    unspecified = mkType { name = "unspecified"; description = "unspecified value"; check = _: true; };
    bool = mkType { name = "bool"; description = "boolean"; check = isBool; };
    int = mkType { name = "int"; description = "signed integer"; check = isInt; };
    float = mkType { name = "float"; description = "floating point number"; check = builtins.isFloat; };
    number = either int float // { description = "signed integer or floating point number"; };
    str = mkType { name = "str"; description = "string"; check = isString; };
    passwdEntry = type: type;
    singleLineStr = strMatching "[^\n\r]*\n?" // { name = "singleLineStr"; description = "(optionally newline-terminated) single-line string"; };
    nonEmptyStr = addCheck str (value: builtins.match "[ \t\n]*" value == null) // { name = "nonEmptyStr"; description = "non-empty string"; };
    strMatching = pattern: mkType {
      name = "strMatching ${builtins.toJSON pattern}";
      description = "string matching the pattern ${pattern}";
      check = value: isString value && builtins.match pattern value != null;
    };
    separatedString = separator: mkType {
      name = "separatedString";
      description = if separator == "" then "Concatenated string" else "strings concatenated with ${builtins.toJSON separator}";
      check = isString;
      merge = _: definitions: lib.concatMapStringsSep separator (definition: definition.value) definitions;
    };
    lines = separatedString "\n";
    commas = separatedString ",";
    envVar = separatedString ":";
    string = str;
    path = mkType {
      name = "path";
      description = "absolute path";
      check = value: lib.isStringLike value && builtins.substring 0 1 (toString value) == "/";
    };
    package = mkType {
      name = "package";
      description = "package";
      check = value: lib.isDerivation value || lib.isStorePath value;
      merge = mergeOne;
    };
    shellPackage = package;
    pathInStore = path;
    enum = values: mkType {
      name = "enum";
      description = "one of ${lib.concatMapStringsSep ", " (lib.generators.toPretty { }) values}";
      check = value: builtins.elem value values;
    };
    ints = {
      inherit between;
      unsigned = addCheck int (value: value >= 0) // { name = "unsignedInt"; description = "unsigned integer, meaning >=0"; };
      positive = addCheck int (value: value > 0) // { name = "positiveInt"; description = "positive integer, meaning >0"; };
      u8 = between 0 255;
      u16 = between 0 65535;
      u32 = between 0 4294967295;
    };
    port = between 0 65535 // { description = "16 bit unsigned integer; between 0 and 65535 (both inclusive)"; };

    addCheck = type: accepts: type // { check = value: type.check value && accepts value; };
    uniq = type: type // { merge = mergeOne; };
    unique = _: uniq;

    listOf = elementType: mkType {
      name = "listOf";
      description = "list of ${parenthesised elementType}";
      check = isList;
      emptyValue = [ ];
      merge = path: definitions:
        map (merged: merged.value) (filter (merged: merged.isDefined) (builtins.concatLists (lib.imap1
          (number: definition: lib.imap1
            (entry: value: mergeDefinitions
              (path ++ [ "[definition ${toString number}-entry ${toString entry}]" ])
              elementType
              [{ inherit (definition) file; inherit value; }])
            definition.value)
          definitions)));
    };
    nonEmptyListOf = elementType: addCheck (listOf elementType) (value: value != [ ]) // { description = "non-empty list of ${parenthesised elementType}"; };

    attrsOf = elementType: mkType {
      name = "attrsOf";
      description = "attribute set of ${parenthesised elementType}";
      check = isAttrs;
      emptyValue = { };
      merge = mergeNamed (lib.filterAttrs (_: merged: merged.isDefined)) elementType;
    };
    lazyAttrsOf = elementType: attrsOf elementType // {
      name = "lazyAttrsOf";
      description = "lazy attribute set of ${parenthesised elementType}";
      merge = mergeNamed (all: all) elementType;
    };
    attrs = mkType {
      name = "attrs";
      description = "attribute set";
      check = isAttrs;
      emptyValue = { };
      merge = _: definitions: builtins.foldl' (merged: definition: merged // definition.value) { } definitions;
    };
    # Sets merge by name; anything else, lists included, must agree.
    anything = mkType {
      name = "anything";
      description = "anything";
      check = _: true;
      merge = path: definitions:
        if all (definition: isAttrs definition.value && !(lib.isDerivation definition.value)) definitions
        then (lazyAttrsOf anything).merge path definitions
        else if length definitions == 1 then (head definitions).value
        else mergeEqual path definitions;
    };

    nullOr = elementType: mkType {
      name = "nullOr";
      description = "null or ${parenthesised elementType}";
      check = value: value == null || elementType.check value;
      emptyValue = null;
      merge = path: definitions:
        let nulls = filter (definition: definition.value == null) definitions; in
        if nulls == [ ] then elementType.merge path definitions
        else if length nulls == length definitions then null
        else throw "The option `${showOption path}' is defined both null and not null, in ${showFiles (map (definition: definition.file) definitions)}.";
    };
    either = left: right: mkType {
      name = "either";
      description = "${left.description} or ${parenthesised right}";
      check = value: left.check value || right.check value;
      merge = path: definitions:
        if all (definition: left.check definition.value) definitions then left.merge path definitions
        else if all (definition: right.check definition.value) definitions then right.merge path definitions
        else conflict path definitions;
    };
    oneOf = alternatives: builtins.foldl' either (head alternatives) (builtins.tail alternatives);
    coercedTo = from: coerce: to: to // {
      name = "coercedTo";
      description = "${to.description} or ${from.description} convertible to it";
      check = value: (from.check value && to.check (coerce value)) || to.check value;
      merge = path: definitions: to.merge path (map
        (definition: definition // { value = if from.check definition.value then coerce definition.value else definition.value; })
        definitions);
    };
    functionTo = _: raw // { name = "functionTo"; description = "function"; check = builtins.isFunction; };

    submodule = modules: submoduleWith { modules = lib.toList modules; shorthandOnlyDefinesConfig = true; };
    submoduleWith = { modules, specialArgs ? { }, shorthandOnlyDefinesConfig ? false, ... }: mkType {
      name = "submodule";
      description = "submodule";
      check = value: isAttrs value || builtins.isFunction value || builtins.isPath value;
      emptyValue = (lib.evalModules { inherit modules specialArgs; }).config;
      merge = path: definitions: (lib.evalModules {
        modules = modules ++ map
          (definition:
            if isAttrs definition.value && shorthandOnlyDefinesConfig
            then { _file = definition.file; config = definition.value; }
            else { _file = definition.file; imports = [ definition.value ]; })
          definitions;
        specialArgs = { name = lib.last path; } // specialArgs;
        prefix = path;
      }).config;
    };
  };
in
types
