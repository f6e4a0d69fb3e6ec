# The host's name and what else of `networking` a guest's configuration says.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.networking;
  switch = default: mkOption { type = types.bool; inherit default; };
  names = mkOption { type = types.listOf types.str; default = [ ]; };
  ports = mkOption { type = types.listOf types.port; default = [ ]; };
  ranges = mkOption { type = types.listOf (types.attrsOf types.port); default = [ ]; };
  firewallPorts = { allowedTCPPorts = ports; allowedUDPPorts = ports; allowedTCPPortRanges = ranges; allowedUDPPortRanges = ranges; };
  fqdn =
    if cfg.hostName == "" || cfg.domain == null then throw
      "The FQDN is required but cannot be determined. Please make sure that\nboth networking.hostName and networking.domain are set properly."
    else "${cfg.hostName}.${cfg.domain}";
in
{
  options.networking = {
    hostName = mkOption {
      type = types.strMatching "^$|^[[:alnum:]]([[:alnum:]_-]{0,61}[[:alnum:]])?$";
      default = config.system.nixos.distroId;
    };
    domain = mkOption { type = types.nullOr types.str; default = null; };
    search = names;
    nameservers = names;
    timeServers = names;
    fqdn = mkOption { type = types.str; readOnly = true; default = fqdn; };
    fqdnOrHostName = mkOption {
      type = types.str;
      readOnly = true;
      default = if cfg.domain == null || cfg.hostName == "" then cfg.hostName else fqdn;
    };
    hostId = mkOption { type = types.nullOr types.str; default = null; };
    useDHCP = switch true;
    useNetworkd = switch false;
    enableIPv6 = switch true;
    useHostResolvConf = switch false;
    usePredictableInterfaceNames = switch true;
    nftables.enable = switch false;
    wireless.enable = switch false;
    resolvconf.enable = switch true;
    dhcpcd = { enable = switch true; setHostname = switch true; extraConfig = mkOption { type = types.lines; default = ""; }; };
    extraHosts = mkOption { type = types.lines; default = ""; };
    hosts = mkOption { type = types.attrsOf (types.listOf types.str); default = { }; };
    interfaces = mkOption { type = types.attrsOf types.attrs; default = { }; };
    defaultGateway = mkOption { type = types.nullOr (types.either types.str types.attrs); default = null; };
    firewall = firewallPorts // {
      enable = switch true;
      allowPing = switch true;
      trustedInterfaces = names;
      extraCommands = mkOption { type = types.lines; default = ""; };
      interfaces = mkOption {
        type = types.attrsOf (types.submodule { options = firewallPorts; });
        default = { };
      };
    };
  };

  config = {
    environment.etc.hostname = lib.mkIf (cfg.hostName != "") { text = cfg.hostName + "\n"; };
    environment.etc.hosts.text = lib.concatLines (
      [ "127.0.0.1 localhost" "::1 localhost" ]
      ++ lib.optional (cfg.hostName != "") "127.0.0.2 ${lib.optionalString (cfg.domain != null) "${fqdn} "}${cfg.hostName}"
      ++ lib.mapAttrsToList (address: hosts: "${address} ${toString hosts}") cfg.hosts
    ) + cfg.extraHosts;
  };
}
