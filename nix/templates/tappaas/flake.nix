{
  description = "A NixOS template whose clones lease under their own names";

  # Truename's own address is yours to fill in: a checkout on this machine, or where you keep it.
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  inputs.truename.url = "path:./truename?dir=nix";

  outputs = { nixpkgs, truename, ... }: {
    nixosConfigurations.template = nixpkgs.lib.nixosSystem {
      modules = [
        truename.nixosModules.guest
        ./configuration.nix
        /etc/nixos/hardware-configuration.nix
      ];
    };
  };
}
