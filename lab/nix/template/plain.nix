# The template without a declared profile: NetworkManager makes its own "Wired connection 1".
{ imports = [ ./configuration.nix ]; }
