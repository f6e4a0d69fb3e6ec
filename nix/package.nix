# Truename for nixpkgs: pkgs.callPackage ./nix/package.nix { }, in a checkout in which `npm run build` was run.
# Why dist is not built in here: docs/decisions/021-nix-takes-what-npm-run-build-made.md.
{
  lib,
  stdenvNoCC,
  makeWrapper,
  nodejs,
  openssh,
}:

let
  # The same floor as `engines` in package.json.
  oldestNode = "22.19";
  commands = {
    truename = "main.js";
    "rebuild-nixos.sh" = "rebuild-nixos.js";
  };
  wrap = command: script: ''
    makeWrapper ${lib.getExe nodejs} "$out/bin/${command}" \
      --add-flags "$package/dist/cli/${script}" \
      --suffix PATH : ${lib.makeBinPath [ openssh ]}
  '';
in

lib.throwIf (lib.versionOlder nodejs.version oldestNode)
  "truename needs Node ${oldestNode} or newer, and nodejs is ${nodejs.version}: override nodejs."
  lib.throwIfNot
  (builtins.pathExists ../dist/cli/main.js)
  "truename: dist is not there; run `npm run build` in the checkout first."
  stdenvNoCC.mkDerivation
  {
    pname = "truename";
    version = (lib.importJSON ../package.json).version;

    src = lib.fileset.toSource {
      root = ../.;
      fileset = lib.fileset.unions [
        ../CHANGELOG.md
        ../LICENSE
        ../README.md
        ../dist
        ../docs
        ./guest
        ../package.json
      ];
    };

    strictDeps = true;
    nativeBuildInputs = [ makeWrapper ];

    dontConfigure = true;
    dontBuild = true;

    # As npm lays it out. ssh of openssh is the last on the PATH, so that whatever the user has there wins.
    installPhase = ''
      runHook preInstall

      package=$out/lib/node_modules/truename
      mkdir -p "$package" "$out/bin"
      cp -r . "$package"
      ${lib.concatStrings (lib.mapAttrsToList wrap commands)}
      runHook postInstall
    '';

    doInstallCheck = true;
    installCheckPhase = ''
      runHook preInstallCheck

      for command in ${lib.escapeShellArgs (lib.attrNames commands)}; do
        [ "$("$out/bin/$command" --version)" = "$version" ]
      done

      runHook postInstallCheck
    '';

    meta = {
      description = "Every clone leases under its own name, from its first DISCOVER, and stays so";
      license = lib.licenses.mit;
      mainProgram = "truename";
      platforms = lib.platforms.linux;
    };
  }
