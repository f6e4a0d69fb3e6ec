# Since 26.05 hostnamed reads /etc/static/hostname in place of /etc/hostname.
{
  imports = [ ./module.nix ];
  system.nixos.release = "26.05";
}
