# The template's configuration in the TAPPaaS manner; `ensure-profiles.nix` and `plain.nix` are its two shapes.
{ lib, pkgs, ... }:
{
  networking.hostName = lib.mkDefault "tappaas-nixos";
  networking.networkmanager.enable = true;
  networking.firewall.enable = false;
  systemd.network.enable = lib.mkForce false;

  services.cloud-init = {
    enable = true;
    network.enable = false;
    settings.ssh_deletekeys = false;
    settings.ssh_genkeytypes = [ ];
  };
  services.qemuGuest.enable = true;
  services.openssh = {
    enable = true;
    settings.PasswordAuthentication = false;
    settings.PermitRootLogin = "prohibit-password";
  };

  users.users.tappaas = {
    isNormalUser = true;
    extraGroups = [ "wheel" "networkmanager" ];
  };
  security.sudo.wheelNeedsPassword = false;
  nix.settings.trusted-users = [ "root" "@wheel" ];
  nix.settings.experimental-features = [ "nix-command" "flakes" ];

  environment.systemPackages = [ pkgs.vim pkgs.git ];
  boot.growPartition = true;
  boot.loader.systemd-boot.enable = lib.mkDefault true;
  boot.initrd.availableKernelModules = [ "virtio_pci" "virtio_scsi" "sr_mod" ];
  fileSystems."/" = { device = "/dev/disk/by-label/nixos"; fsType = "ext4"; };
  zramSwap.enable = true;
  system.stateVersion = "25.11";
}
