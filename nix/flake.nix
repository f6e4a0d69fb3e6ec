{
  description = "Every clone leases under its own name, from its first DISCOVER, and stays so";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";

  outputs = { nixpkgs, ... }:
    let
      forEach = nixpkgs.lib.genAttrs [ "x86_64-linux" "aarch64-linux" ];
      pkgs = system: nixpkgs.legacyPackages.${system};
    in
    {
      nixosModules.guest = ./guest/module.nix;
      nixosModules.default = ./guest/module.nix;

      packages = forEach (system: { default = (pkgs system).callPackage ./package.nix { }; });

      devShells = forEach (system: {
        default = (pkgs system).mkShell { packages = with pkgs system; [ nodejs openssh shellcheck ]; };
      });

      templates.tappaas = {
        path = ./templates/tappaas;
        description = "A NixOS template as people have it, whose clones lease under their own names";
      };
    };
}
