# The template in the TAPPaaS manner with Truename's module in it: its name is declared nowhere.
{
  imports = [ ./ensure-profiles.nix ./truename/module.nix ];
  networking.hostName = "";
  truename.guest = { enable = true; templateNames = [ "tappaas-nixos" ]; };
}
