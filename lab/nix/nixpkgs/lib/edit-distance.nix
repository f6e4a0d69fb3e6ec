# How many single-character edits turn one word into another (Levenshtein), a row of the table at a time.
left: right:
let
  inherit (builtins) stringLength substring genList foldl' elemAt;
  low = a: b: if a < b then a else b;
  width = stringLength right;
  nextRow = previous: index:
    let
      letter = substring index 1 left;
      step = row: column:
        row ++ [
          (low
            (low (elemAt row column + 1) (elemAt previous (column + 1) + 1))
            (elemAt previous column + (if letter == substring column 1 right then 0 else 1)))
        ];
    in
    foldl' step [ (index + 1) ] (genList (column: column) width);
  longWay = a: b: if a > b then a - b else b - a;
in
if longWay (stringLength left) width > 2 then 3
else elemAt (foldl' nextRow (genList (column: column) (width + 1)) (genList (index: index) (stringLength left))) width
