# Every module of the stand-in.
[
  ./system.nix
  ./etc.nix
  ./networking.nix
  ./network-manager.nix
  ./systemd.nix
  ./systemd-files.nix
  ./users.nix
  ./services.nix
  ./boot.nix
  ./accepted.nix
  ./refused.nix
  ./activation.nix
  ./toplevel.nix
]
