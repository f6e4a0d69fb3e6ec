# Where a name is declared the module does not act.
{
  imports = [ ./ensure-profiles.nix ./truename/module.nix ];
  networking.hostName = "declared";
  truename.guest.enable = true;
}
