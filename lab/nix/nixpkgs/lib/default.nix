# The stand-in's library: the part of nixpkgs' `lib` that host configurations of the TAPPaaS kind call.
# Every function keeps the name and the argument order that the nixpkgs manual documents; all code is new.
let
  lib =
    import ./lists.nix { inherit lib; }
    // import ./attrsets.nix { inherit lib; }
    // import ./strings.nix { inherit lib; }
    // import ./priorities.nix { inherit lib; }
    // import ./options.nix { inherit lib; }
    // import ./modules.nix { inherit lib; }
    // {
      types = import ./types.nix { inherit lib; };
      generators = import ./generators.nix { inherit lib; };
      trivial = { release = "25.11"; version = "25.11-stand-in"; };
      version = "25.11-stand-in";
      fakeHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
      platforms = { linux = [ "x86_64-linux" "aarch64-linux" ]; all = [ "x86_64-linux" "aarch64-linux" ]; };
      licenses = { mit = { spdxId = "MIT"; }; asl20 = { spdxId = "Apache-2.0"; }; };
      maintainers = { };

      inherit (builtins)
        isString isInt isBool isList isAttrs isFunction isPath isFloat
        functionArgs seq deepSeq toJSON fromJSON readFile pathExists toFile;
      id = value: value;
      const = value: _: value;
      flip = function: a: b: function b a;
      pipe = builtins.foldl' (value: function: function value);
      importJSON = path: builtins.fromJSON (builtins.readFile path);
      boolToString = value: if value then "true" else "false";
      max = a: b: if a > b then a else b;
      min = a: b: if a < b then a else b;
      mod = base: divisor: base - divisor * (base / divisor);
      warn = message: builtins.trace "evaluation warning: ${message}";
      warnIf = condition: message: if condition then lib.warn message else lib.id;
      throwIf = condition: message: if condition then throw message else lib.id;
      throwIfNot = condition: message: if condition then lib.id else throw message;
      assertMsg = condition: message: condition || throw message;
      isStorePath = value: lib.isStringLike value && lib.hasPrefix "${builtins.storeDir}/" (toString value);
      isDerivation = value: value.type or null == "derivation";
      fix = function: let result = function result; in result;
      makeBinPath = lib.makeSearchPath "bin";
      makeSearchPath = folder: packages: lib.concatMapStringsSep ":" (package: "${package}/${folder}") packages;
      getName = package: package.pname or package.name or (toString package);
      getBin = package: package;
      getExe' = package: program: "${package}/bin/${program}";
      getExe = package: lib.getExe' package (package.meta.mainProgram or (lib.getName package));
      cleanSource = path: path;
      systems = { };
    };
in
lib
