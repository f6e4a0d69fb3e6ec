# Lists, by the names of the nixpkgs manual.
{ lib }:
let
  inherit (builtins) length elemAt genList filter foldl';
in
{
  inherit (builtins) map filter elem elemAt head tail length concatMap concatLists all any sort genList foldl' partition groupBy;
  singleton = value: [ value ];
  optional = condition: value: if condition then [ value ] else [ ];
  optionals = condition: values: if condition then values else [ ];
  toList = value: if builtins.isList value then value else [ value ];
  last = values: elemAt values (length values - 1);
  init = values: lib.take (length values - 1) values;
  take = count: values: genList (elemAt values) (lib.min count (length values));
  drop = count: values:
    genList (index: elemAt values (index + count)) (lib.max 0 (length values - count));
  range = first: final: if first > final then [ ] else genList (index: first + index) (final - first + 1);
  imap0 = function: values: genList (index: function index (elemAt values index)) (length values);
  imap1 = function: values: genList (index: function (index + 1) (elemAt values index)) (length values);
  foldr = function: start: values:
    let step = index: if index == length values then start else function (elemAt values index) (step (index + 1));
    in step 0;
  foldl = foldl';
  remove = value: filter (candidate: candidate != value);
  unique = foldl' (seen: value: if builtins.elem value seen then seen else seen ++ [ value ]) [ ];
  flatten = value: if builtins.isList value then builtins.concatMap lib.flatten value else [ value ];
  reverseList = values: genList (index: elemAt values (length values - 1 - index)) (length values);
  findFirst = accepts: fallback: values:
    let found = filter accepts values; in if found == [ ] then fallback else builtins.head found;
  findSingle = accepts: none: several: values:
    let found = filter accepts values;
    in if found == [ ] then none else if length found > 1 then several else builtins.head found;
  subtractLists = removed: filter (value: !(builtins.elem value removed));
  intersectLists = allowed: filter (value: builtins.elem value allowed);
  count = accepts: values: length (filter accepts values);
  zipLists = left: right:
    genList (index: { fst = elemAt left index; snd = elemAt right index; }) (lib.min (length left) (length right));
  sortOn = key: builtins.sort (a: b: key a < key b);
}
