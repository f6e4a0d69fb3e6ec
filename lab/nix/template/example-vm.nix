# A person's file for one machine, as it would stand in /etc/nixos/myvm.nix.
{
  imports = [ ./ensure-profiles.nix ];
  networking.hostName = "myvm";
}
