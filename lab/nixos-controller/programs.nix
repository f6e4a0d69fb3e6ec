# Programs of this machine (Debian) as nixpkgs would have them: in the store, with an interpreter and libraries that are
# in the store too. What they find is found by these paths alone, so they run where there is no /lib64, as foreign
# programs do not.
{ lib, run }:
{ node, nodeVersion }:
let
  files = builtins.concatLists (builtins.attrValues lists);
  lists = {
    bash = [ "/bin/bash" ];
    coreutils = map (name: "/usr/bin/${name}") [ "cat" "env" "id" "ls" "readlink" ];
    nodejs = [ node ];
    openssh = map (name: "/usr/bin/${name}") [ "ssh" "ssh-keygen" ];
  };

  # One place for all that they load, the interpreter with it.
  libraries = run "libraries" { } ''
    mkdir -p $out/lib
    for program in ${lib.escapeShellArgs files}; do ldd "$program"; done |
      sed -n 's/^.* => \(\/[^ ]*\) (.*$/\1/p; s/^[[:space:]]*\(\/[^ ]*\) (.*$/\1/p' | sort -u |
      while read -r library; do cp -L "$library" $out/lib; done
    mv $out/lib/ld-linux* $out/lib/interpreter
  '';

  # DT_RPATH and not DT_RUNPATH: libraries of libraries are looked for there too (ld.so(8)).
  package = pname: version: files: run "${pname}-${version}" { } ''
    mkdir -p $out/bin
    cp -L ${lib.escapeShellArgs files} $out/bin
    chmod u+w $out/bin/*
    patchelf --set-interpreter ${libraries}/lib/interpreter --force-rpath --set-rpath ${libraries}/lib $out/bin/*
    [ ! -e $out/bin/bash ] || ln -s bash $out/bin/sh
  '';
in
{
  bash = package "bash" "0" lists.bash;
  coreutils = package "coreutils" "0" lists.coreutils;
  nodejs = package "nodejs" nodeVersion lists.nodejs // {
    version = nodeVersion;
    meta.mainProgram = "node";
  };
  openssh = package "openssh" "0" lists.openssh;
}
