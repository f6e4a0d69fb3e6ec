# What nix/package.nix takes of nixpkgs, and nothing more: an attribute that is not here does not evaluate. Behaviour as
# in the manual of nixpkgs: stdenv.mkDerivation ("The Standard Environment"), makeWrapper ("Setup hooks"), lib.fileset.
{ lib, run, bash }:
rec {
  lib' = {
    inherit (lib)
      attrNames concatStrings escapeShellArgs getExe importJSON makeBinPath mapAttrsToList throwIf throwIfNot
      versionOlder;
    licenses = { inherit (lib.licenses) mit; };
    platforms = { inherit (lib.platforms) linux; };
    inherit fileset;
  };

  fileset = {
    # Files and folders that are there, all below one root.
    unions = paths: map
      (path: if builtins.isPath path && builtins.pathExists path then path
        else throw "lib.fileset.unions: ${toString path} is a path that does not exist.")
      paths;
    toSource = { root, fileset }: builtins.path {
      path = root;
      name = "source";
      filter = path: _: builtins.any
        (kept: path == toString kept || lib.hasPrefix "${toString kept}/" path
          || lib.hasPrefix "${path}/" (toString kept))
        fileset;
    };
  };

  makeWrapper = { isMakeWrapper = true; };

  # A wrapper is a bash script with the bash of the store.
  wrapperFunction = ''
    makeWrapper() {
      original=$1 wrapper=$2 flags="" suffix=""
      shift 2
      while [ $# -gt 0 ]; do
        case $1 in
          --add-flags) flags="$flags $2"; shift 2 ;;
          --suffix) [ "$2 $3" = "PATH :" ]; suffix="$suffix:$4"; shift 4 ;;
          *) echo "makeWrapper: stand-in: not supported: $1" >&2; exit 1 ;;
        esac
      done
      [ -x "$original" ]
      printf '#! %s -e\nexport PATH="''${PATH:+$PATH}%s"\nexec "%s" %s "$@"\n' \
        ${bash}/bin/bash "$suffix" "$original" "$flags" > "$wrapper"
      chmod 0555 "$wrapper"
    }
  '';

  stdenvNoCC.mkDerivation =
    { pname, version, src, strictDeps, nativeBuildInputs, dontConfigure, dontBuild, installPhase, doInstallCheck
    , installCheckPhase, meta }:
    assert strictDeps && dontConfigure && dontBuild && doInstallCheck;
    assert nativeBuildInputs == [ makeWrapper ];
    run "${pname}-${version}" { inherit pname version src; } ''
      runHook() { :; }
      ${wrapperFunction}
      cp -r "$src" source
      chmod -R u+w source
      cd source
      ${installPhase}
      ${installCheckPhase}
    '' // {
      inherit pname version;
      meta = { inherit (meta) description license mainProgram platforms; };
    };
}
