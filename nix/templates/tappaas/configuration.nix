# A template for clones on Proxmox VE. A clone's name is declared nowhere: it comes from the hypervisor, at each boot.
{ lib, ... }:
{
  networking.hostName = lib.mkDefault "";
  networking.networkmanager.enable = true;

  services.cloud-init.enable = true;
  services.qemuGuest.enable = true;
  services.openssh.enable = true;

  truename.guest.enable = true;
  truename.guest.templateNames = [ "tappaas-nixos" ];

  system.stateVersion = "25.11";
}
