# Real derivations with /bin/sh as the builder and the machine's own tools: no compiler, no network, no sandbox.
{ lib, system, pkgs }:
rec {
  run = name: environment: script: derivation ({
    name = lib.concatStrings (map (part: if builtins.isString part then part else "-") (builtins.split "[^a-zA-Z0-9+._?=-]+" name));
    inherit system;
    builder = "/bin/sh";
    args = [ "-euc" script ];
    PATH = "/usr/bin:/bin:/usr/sbin:/sbin";
    preferLocalBuild = true;
    allowSubstitutes = false;
  } // environment);
  runCommand = name: environment: script: run name environment script;
  runCommandLocal = runCommand;
  emptyDirectory = run "empty-directory" { } "mkdir $out";

  writeTextFile = { name, text, executable ? false, destination ? "", ... }: run name { inherit text destination; }
    (''target=$out$destination; mkdir -p "''${target%/*}"; printf '%s' "$text" > "$target"''
      + lib.optionalString executable ''; chmod 0555 "$target"'');
  writeText = name: text: writeTextFile { inherit name text; };
  writeTextDir = path: text: writeTextFile { name = baseNameOf path; inherit text; destination = "/${path}"; };
  writeScript = name: text: writeTextFile { inherit name text; executable = true; };
  writeScriptBin = name: text: writeTextFile { inherit name text; executable = true; destination = "/bin/${name}"; } // { pname = name; };
  writeShellScript = name: text: writeScript name "#!${pkgs.runtimeShell}\n${text}\n";
  writeShellScriptBin = name: text: writeScriptBin name "#!${pkgs.runtimeShell}\n${text}\n";
  # `pipefail` is left out: the shell here is the machine's /bin/sh.
  writeShellApplication = { name, text, runtimeInputs ? [ ], ... }: writeScriptBin name ''
    #!${pkgs.runtimeShell}
    set -o errexit
    set -o nounset
    export PATH="${lib.makeBinPath runtimeInputs}:$PATH"
    ${text}
  '';

  symlinkJoin = { name, paths, ... }: run name { } (lib.concatLines ([ "mkdir -p $out/bin" ] ++ map
    (path: ''for program in ${path}/bin/*; do if [ -e "$program" ] || [ -L "$program" ]; then ln -sf "$program" $out/bin/; fi; done'')
    paths));
  linkFarm = name: entries: run name { } (lib.concatLines ([ "mkdir -p $out" ] ++ map
    (entry: ''mkdir -p "$(dirname "$out/${entry.name}")"; ln -s ${entry.path} "$out/${entry.name}"'')
    (if builtins.isList entries then entries else lib.mapAttrsToList (name: path: { inherit name path; }) entries)));
}
