# The module evaluator: modules in, `config` and `options` out. A small model of `lib.evalModules`
# (NixOS manual, "Writing NixOS Modules"): imports, module functions, priorities, merging by type,
# free-form sub-modules, and the product's words where a definition fits no declaration.
{ lib }:
let
  inherit (builtins) isAttrs isFunction isList isPath isString map filter attrNames concatMap length head;
  inherit (lib) showOption showDefs isOption;

  structuralNames = [ "imports" "options" "config" "freeformType" "_file" "key" "meta" "disabledModules" "_class" ];

  # A module of any written form, as { file, key, imports, options, config, freeformType }.
  normalise = file: key: module:
    let
      own = module._file or file;
      structured = module ? options || module ? config;
      strangers = builtins.removeAttrs module structuralNames;
    in
    if module ? disabledModules then throw "stand-in: not supported: disabledModules, in `${toString own}'"
    else if structured && strangers != { } then throw
      "Module `${toString own}' has an unsupported attribute `${head (attrNames strangers)}'. This is caused by introducing a top-level `config' or `options' attribute. Add configuration attributes immediately on the top level instead, or move all of them (namely: ${toString (attrNames strangers)}) into the explicit `config' attribute."
    else {
      file = own;
      key = toString (module.key or key);
      imports = module.imports or [ ];
      options = module.options or { };
      config = if structured then module.config or { } else strangers;
      freeformType = module.freeformType or null;
    };

  load = apply: file: key: module:
    if isPath module || (isString module && builtins.substring 0 1 module == "/")
    then loadValue apply (toString module) (toString module) (import module)
    else loadValue apply file key module;
  loadValue = apply: file: key: value:
    if isFunction value || value ? __functor then loadValue apply file key (apply value)
    else if isAttrs value then
      if value._type or null == "if" || value._type or null == "merge"
      then normalise file key { _file = file; config = value; }
      else normalise file key value
    else throw "Module `${toString file}' is not a function, an attribute set or a path, but ${builtins.typeOf value}.";

  # All modules, each once, an imported one before its importer (list options depend on this order).
  collect = apply: modules:
    let
      child = parent: number: load apply parent.file "${parent.key}:anon-${toString number}";
      root = { file = "<unknown-file>"; key = ""; };
    in
    lib.reverseList (builtins.genericClosure {
      startSet = lib.imap1 (child root) modules;
      operator = module: lib.imap1 (child module) module.imports;
    });

  # Walks declarations and definitions together. Definitions without a declaration are returned, not judged.
  mergeTree = path: declarations: definitions:
    let
      declaredByName = builtins.zipAttrsWith (_: found: found)
        (map (entry: builtins.mapAttrs (_: value: { inherit (entry) file; inherit value; }) entry.options) declarations);
      pieces = concatMap (entry: map (value: { inherit (entry) file; inherit value; }) (lib.pushDown entry.value)) definitions;
      definedByName = builtins.zipAttrsWith (_: found: found)
        (map (piece: builtins.mapAttrs (_: value: { inherit (piece) file; inherit value; }) (asSet path piece)) pieces);
      results = builtins.mapAttrs
        (name: declared: mergeName (path ++ [ name ]) declared (definedByName.${name} or [ ]))
        declaredByName;
      strangers = concatMap
        (name: map (definition: { path = path ++ [ name ]; inherit definition; siblings = attrNames declaredByName; }) definedByName.${name})
        (filter (name: !(declaredByName ? ${name})) (attrNames definedByName));
    in
    {
      config = builtins.mapAttrs (_: result: result.config) results;
      options = builtins.mapAttrs (_: result: result.options) results;
      unmatched = strangers ++ concatMap (result: result.unmatched) (builtins.attrValues results);
    };

  asSet = path: piece:
    if isAttrs piece.value then piece.value
    else throw
      "In module `${toString piece.file}', you're trying to define a value of type `${builtins.typeOf piece.value}'\nrather than an attribute set for the option\n`${showOption path}'!";

  mergeName = path: declared: definitions:
    let options = filter (entry: isOption entry.value) declared; in
    if options == [ ] then
      mergeTree path (map (entry: { inherit (entry) file; options = entry.value; }) declared) definitions
    else if length declared > 1 then throw
      "The option `${showOption path}' in `${toString (head declared).file}' is already declared in ${lib.showFiles (map (entry: entry.file) (builtins.tail declared))}."
    else
      let option = evalOption path (head options) definitions;
      in { config = option.value; options = option; unmatched = [ ]; };

  evalOption = path: { file, value }: definitions:
    let
      declaration = value;
      type = declaration.type or lib.types.unspecified;
      fallback = lib.optional (declaration ? default) { inherit file; value = lib.mkOptionDefault declaration.default; };
      merged = mergeDefinitions path type (definitions ++ fallback);
      chosen =
        if declaration.readOnly or false && length merged.definitions > 1 then throw
          "The option `${showOption path}' is read-only, but it's set multiple times. Definition values:${showDefs merged.definitions}"
        else merged.value;
    in
    declaration // {
      _type = "option";
      inherit type;
      loc = path;
      value = (declaration.apply or lib.id) chosen;
      inherit (merged) isDefined highestPrio;
      declarations = [ file ];
      files = map (definition: definition.file) merged.definitions;
      definitions = map (definition: definition.value) merged.definitions;
      definitionsWithLocations = merged.definitions;
      __toString = _: showOption path;
    };

  # Conditions, then priorities, then order, then the type: the four steps from definitions to a value.
  mergeDefinitions = path: type: definitions:
    let
      pieces = concatMap (entry: map (value: { inherit (entry) file; inherit value; }) (lib.discharge entry.value)) definitions;
      strongest = lib.strongest pieces;
      # A mark may stand inside an override (mkForce (mkIf …)), so conditions are resolved once more.
      inner = concatMap (entry: map (value: { inherit (entry) file; inherit value; }) (lib.discharge entry.value)) strongest.definitions;
      final = lib.ordered inner;
      wrong = filter (entry: !(type.check entry.value)) final;
    in
    {
      inherit (strongest) highestPrio;
      definitions = final;
      isDefined = final != [ ];
      value =
        if final == [ ] then
          type.emptyValue or (throw "The option `${showOption path}' was accessed but has no value defined. Try setting the option.")
        else if wrong != [ ] then throw
          "A definition for option `${showOption path}' is not of type `${type.description}'. Definition values:${showDefs wrong}"
        else type.merge path final;
    };

  # One declared name, or none, that a mistyped one was probably meant to be.
  suggestion = { path, siblings, ... }:
    let
      wanted = lib.last path;
      close = filter (entry: entry.distance <= 2)
        (map (name: { inherit name; distance = import ./edit-distance.nix wanted name; }) siblings);
      best = lib.sortOn (entry: entry.distance) close;
    in
    lib.optionalString (best != [ ]) "\n\nDid you mean `${showOption (lib.init path ++ [ (head best).name ])}'?";

  refuseUnknown = stranger: throw (
    "The option `${showOption stranger.path}' does not exist. Definition values:${showDefs [ stranger.definition ]}"
    + suggestion stranger
    + "\n\n(stand-in: not supported: NixOS may know this option, this evaluator does not)");

  evalModules = { modules, specialArgs ? { }, prefix ? [ ], ... }@arguments:
    let
      given = { inherit lib; } // specialArgs // { config = whole; inherit (tree) options; };
      apply = function: function (given // builtins.mapAttrs
        (name: _: given.${name} or internal._module.args.${name} or (throw "attribute '${name}' missing: no module sets `_module.args.${name}'"))
        (builtins.functionArgs function));
      base = {
        _file = "lib/modules.nix";
        key = "lib/modules.nix";
        options._module.args = lib.mkOption { type = lib.types.lazyAttrsOf lib.types.raw; default = { }; };
        options._module.check = lib.mkOption { type = lib.types.bool; default = true; };
        options._module.freeformType = lib.mkOption { type = lib.types.raw; default = null; };
      };
      collected = collect apply (modules ++ [ base ]);
      tree = mergeTree prefix
        (map (module: { inherit (module) file options; }) collected)
        (map (module: { inherit (module) file; value = module.config; }) collected);
      freeforms = filter (type: type != null) (map (module: module.freeformType) collected);
      freeformType = if freeforms != [ ] then head freeforms else internal._module.freeformType;
      free = freeformType.merge prefix (map
        (stranger: {
          inherit (stranger.definition) file;
          value = lib.setAttrByPath (lib.drop (length prefix) stranger.path) stranger.definition.value;
        })
        tree.unmatched);
      internal = tree.config;
      # What modules themselves see: unchecked, or asking for one value would ask for all names.
      whole = if freeformType == null || tree.unmatched == [ ] then internal else lib.recursiveUpdate free internal;
      checked =
        if freeformType == null && internal._module.check && tree.unmatched != [ ]
        then refuseUnknown (head tree.unmatched)
        else builtins.removeAttrs whole [ "_module" ];
    in
    {
      _type = "configuration";
      inherit (tree) options;
      config = checked;
      extendModules = extra: evalModules (arguments // {
        modules = modules ++ extra.modules or [ ];
        specialArgs = specialArgs // extra.specialArgs or { };
      });
    };
in
{
  inherit evalModules mergeDefinitions;
  setDefaultModuleLocation = file: module: { _file = file; imports = [ module ]; };
  mkRenamedOptionModule = _: _: throw "stand-in: not supported: mkRenamedOptionModule";
  mkRemovedOptionModule = _: _: throw "stand-in: not supported: mkRemovedOptionModule";
}
