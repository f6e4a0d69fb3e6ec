# Marks that a definition can carry (priority, condition, order), and how they are read back.
# Numbers: nixpkgs lib/modules.nix. Lower priority number wins; lower order number comes first.
{ lib }:
rec {
  mkOverride = priority: content: { _type = "override"; inherit priority content; };
  mkOptionDefault = mkOverride 1500;
  mkDefault = mkOverride 1000;
  mkImageMediaOverride = mkOverride 60;
  mkForce = mkOverride 50;
  mkVMOverride = mkOverride 10;
  defaultOverridePriority = 100;

  mkOrder = priority: content: { _type = "order"; inherit priority content; };
  mkBefore = mkOrder 500;
  mkAfter = mkOrder 1500;
  defaultOrderPriority = 1000;

  mkIf = condition: content: { _type = "if"; inherit condition content; };
  mkMerge = contents: { _type = "merge"; inherit contents; };
  mkAssert = condition: message: content: mkIf (if condition then true else throw "\nFailed assertion: ${message}") content;

  isMarked = kind: value: builtins.isAttrs value && value._type or null == kind;

  # A value with conditions and merges resolved: the list of its remaining pieces.
  discharge = value:
    if isMarked "merge" value then builtins.concatMap discharge value.contents
    else if isMarked "if" value then
      if !(builtins.isBool value.condition)
      then throw "‘mkIf’ called with a non-Boolean condition"
      else if value.condition then discharge value.content else [ ]
    else [ value ];

  # Moves a mark that sits on a whole attribute set down to each of its attributes, so that a condition
  # never has to be known before the names under it are.
  pushDown = value:
    if isMarked "merge" value then builtins.concatMap pushDown value.contents
    else if isMarked "if" value then map (builtins.mapAttrs (_: mkIf value.condition)) (pushDown value.content)
    else if isMarked "override" value then map (builtins.mapAttrs (_: mkOverride value.priority)) (pushDown value.content)
    else if isMarked "order" value then map (builtins.mapAttrs (_: mkOrder value.priority)) (pushDown value.content)
    else [ value ];

  priorityOf = value: if isMarked "override" value then value.priority else defaultOverridePriority;

  # The definitions of the strongest priority, unmarked; weaker ones are dropped whole.
  strongest = definitions:
    let
      highestPrio = builtins.foldl' (low: definition: lib.min low (priorityOf definition.value)) 9999 definitions;
      kept = builtins.filter (definition: priorityOf definition.value == highestPrio) definitions;
      unmark = definition: definition // {
        value = if isMarked "override" definition.value then definition.value.content else definition.value;
      };
    in
    { inherit highestPrio; definitions = map unmark kept; };

  ordered = definitions:
    let
      orderOf = definition: if isMarked "order" definition.value then definition.value.priority else defaultOrderPriority;
      unmark = definition: definition // {
        value = if isMarked "order" definition.value then definition.value.content else definition.value;
      };
    in
    map unmark (builtins.sort (a: b: orderOf a < orderOf b) definitions);
}
