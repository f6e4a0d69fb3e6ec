# Over the template that somebody's `nmcli connection modify` left a keyfile in.
{
  imports = [ ./set-hostname.nix ./truename/module.nix ];
  networking.hostName = "";
  truename.guest = { enable = true; templateNames = [ "tappaas-nixos" ]; };
}
