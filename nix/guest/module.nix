# A guest that leases under its own name from its first DISCOVER. It acts only where no host name is declared.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.truename.guest;
  acts = cfg.enable && config.networking.hostName == "";
  hostName = types.strMatching "^[[:alnum:]]([[:alnum:]-]{0,61}[[:alnum:]])?$";
  # Each script by itself, so that a change of another file restarts nothing.
  scripts = pkgs.runCommand "truename-guest" { } ''
    mkdir -p $out
    cp ${./hostname.sh} $out/hostname.sh
    cp ${./find-name.sh} $out/find-name.sh
    cp ${./dhcp-hostname.sh} $out/dhcp-hostname.sh
  '';
  hardened = {
    Type = "oneshot";
    NoNewPrivileges = true;
    ProtectHome = true;
    ProtectSystem = "strict";
    ProtectKernelModules = true;
    ProtectKernelLogs = true;
    ProtectControlGroups = true;
    RestrictAddressFamilies = "AF_UNIX";
    LockPersonality = true;
    MemoryDenyWriteExecute = true;
    RestrictRealtime = true;
    RestrictSUIDSGID = true;
    SystemCallArchitectures = "native";
  };
in
{
  options.truename.guest = {
    enable = lib.mkEnableOption "the guest's own host name before its first DHCP packet";
    templateNames = mkOption {
      type = types.listOf hostName;
      default = [ ];
      description = "Names of templates. A dhcp-hostname in a NetworkManager keyfile that holds one of them is removed.";
    };
    sources = mkOption {
      type = types.listOf (types.enum [ "cmdline" "credential" "smbios" "seed" "last" ]);
      default = [ "cmdline" "credential" "smbios" "seed" "last" ];
      description = "Where a name is looked for, first come first taken.";
    };
    resetMachineId = mkOption {
      type = types.bool;
      default = false;
      description = "Whether a clone that kept its template's machine-id is given its own.";
    };
  };

  config = lib.mkMerge [
    # Beats the option's default (1500), loses to mkDefault (1000): a second mkDefault beside people's would not evaluate.
    (lib.mkIf cfg.enable { networking.hostName = lib.mkOverride 1250 ""; })

    (lib.mkIf acts {
      # hostnamed reads /etc/static/hostname since 26.05 and /etc/hostname before; this file names ours, where it is there.
      systemd.services.systemd-hostnamed.serviceConfig.EnvironmentFile = "-/run/truename/hostnamed.env";

      systemd.services.truename-hostname = {
        description = "The guest's own host name, before the network";
        unitConfig = {
          DefaultDependencies = false;
          RequiresMountsFor = "/var/lib";
        };
        wantedBy = [ "sysinit.target" ];
        wants = [ "network-pre.target" ];
        after = [ "local-fs.target" "systemd-udevd.service" "systemd-udev-trigger.service" ];
        before = [
          "network-pre.target" "NetworkManager.service" "systemd-networkd.service" "dhcpcd.service"
          "systemd-hostnamed.service" "cloud-init-local.service" "shutdown.target"
        ];
        conflicts = [ "shutdown.target" ];
        path = [ pkgs.coreutils pkgs.gnugrep pkgs.gnused pkgs.util-linux pkgs.hostname config.systemd.package ];
        environment = {
          TRUENAME_SOURCES = lib.concatStringsSep " " cfg.sources;
          TRUENAME_TEMPLATE_NAMES = lib.concatStringsSep " " cfg.templateNames;
          TRUENAME_RESET_MACHINE_ID = if cfg.resetMachineId then "yes" else "no";
        };
        restartIfChanged = false;
        serviceConfig = hardened // {
          RemainAfterExit = true;
          ExecStart = "-/bin/sh ${scripts}/hostname.sh";
          TimeoutStartSec = "5";
          LoadCredential = [ "truename.hostname" "system.hostname" ];
          CapabilityBoundingSet = "CAP_SYS_ADMIN CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_FOWNER";
          ReadWritePaths = [ "/etc" "-/run/NetworkManager" ];
          StateDirectory = "truename";
          RuntimeDirectory = "truename";
          RuntimeDirectoryPreserve = "yes";
          IPAddressDeny = "any";
          UMask = "0022";
        };
      };

      systemd.services.truename-dhcp-hostname = {
        description = "The guest's host name stays the one it was given";
        wantedBy = [ "multi-user.target" ];
        after = [ "truename-hostname.service" "NetworkManager.service" "systemd-networkd.service" "cloud-init.service" ];
        unitConfig.ConditionPathExists = "/run/truename/hostname";
        path = [ pkgs.coreutils config.systemd.package ];
        serviceConfig = hardened // {
          ExecStart = "-/bin/sh ${scripts}/dhcp-hostname.sh";
          TimeoutStartSec = "15";
          CapabilityBoundingSet = "CAP_SYS_ADMIN";
          PrivateTmp = true;
          PrivateDevices = true;
          RestrictNamespaces = true;
        };
      };
    })
  ];
}
