# The template with a declared NetworkManager profile, written into /run after NetworkManager has started.
{
  imports = [ ./configuration.nix ];
  networking.networkmanager.ensureProfiles.profiles.tappaas-ethernet = {
    connection = { id = "tappaas-ethernet"; type = "ethernet"; autoconnect = "true"; autoconnect-priority = 100; };
    ipv4.method = "auto";
    ipv6.method = "auto";
  };
}
