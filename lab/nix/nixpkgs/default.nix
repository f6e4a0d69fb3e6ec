# `import <nixpkgs> { }` of the stand-in: the packages, with `lib` among them.
{ system ? builtins.currentSystem, config ? { }, overlays ? [ ], ... }:
if overlays != [ ] then throw "stand-in: not supported: overlays"
else import ./pkgs { inherit system; }
