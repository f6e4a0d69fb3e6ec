# Units as files under /etc/systemd/system. A unit that Debian ships itself gets a drop-in, as NixOS gives one to
# a unit of systemd's own package.
{ config, lib, pkgs, ... }:
let
  inherit (lib) optionalAttrs concatMapStringsSep;
  shipped = import ./debian-units.nix;
  cfg = config.systemd;

  scalar = value: if builtins.isBool value then lib.boolToString value else toString value;
  line = name: value: if builtins.isList value then concatMapStringsSep "" (line name) value
    else if value == null then "" else "${name}=${scalar value}\n";
  section = name: settings:
    lib.optionalString (settings != { }) ("[${name}]\n" + lib.concatStrings (lib.mapAttrsToList line settings) + "\n");

  joined = name: values: optionalAttrs (values != [ ]) { ${name} = toString values; };
  unitSection = unit:
    joined "After" unit.after // joined "Before" unit.before // joined "Requires" unit.requires
    // joined "Wants" unit.wants // joined "BindsTo" unit.bindsTo // joined "PartOf" unit.partOf
    // joined "Conflicts" unit.conflicts // joined "Requisite" unit.requisite // joined "Upholds" unit.upholds
    // joined "OnFailure" unit.onFailure // joined "OnSuccess" unit.onSuccess // joined "Documentation" unit.documentation
    // joined "X-Restart-Triggers" unit.restartTriggers // joined "X-Reload-Triggers" unit.reloadTriggers
    // optionalAttrs (unit.description != "") { Description = unit.description; }
    // optionalAttrs (unit.startLimitBurst != null) { StartLimitBurst = unit.startLimitBurst; }
    // optionalAttrs (unit.startLimitIntervalSec != null) { StartLimitIntervalSec = unit.startLimitIntervalSec; }
    // optionalAttrs (!(unit.restartIfChanged or true)) { X-RestartIfChanged = false; }
    // optionalAttrs (unit.reloadIfChanged or false) { X-ReloadIfChanged = true; }
    // optionalAttrs (!(unit.stopIfChanged or true)) { X-StopIfChanged = false; }
    // unit.unitConfig;

  job = unit: setting: script:
    let
      name = "${unit}-${lib.toLower (lib.removePrefix "Exec" setting)}";
      package = pkgs.writeScriptBin name "#!${pkgs.runtimeShell}\nset -e\n${script}\n";
    in
    optionalAttrs (script != "") { ${setting} = "${package}/bin/${name}"; };
  serviceSection = name: unit:
    let
      # Debian's own daemons are left with Debian's PATH unless the configuration adds to it.
      defaults = lib.optionals (unit.enableDefaultPath && !(isShipped unit "${name}.service")) [ pkgs.coreutils pkgs.findutils pkgs.gnugrep pkgs.gnused pkgs.systemd ];
      folders = map (entry: "${entry}/bin") (unit.path ++ defaults);
      environment = cfg.globalEnvironment
        // optionalAttrs (folders != [ ]) { PATH = builtins.concatStringsSep ":" folders; }
        // lib.filterAttrs (_: value: value != null) unit.environment;
      start = job name "ExecStart" unit.script;
    in
    optionalAttrs (environment != { }) { Environment = lib.mapAttrsToList (key: value: builtins.toJSON "${key}=${toString value}") environment; }
    // builtins.mapAttrs (_: command: command + lib.optionalString (unit.scriptArgs != "") " ${unit.scriptArgs}") start
    // job name "ExecStartPre" unit.preStart // job name "ExecStartPost" unit.postStart
    // job name "ExecStop" unit.preStop // job name "ExecStopPost" unit.postStop // job name "ExecReload" unit.reload
    // unit.serviceConfig;

  own = {
    service = name: unit: section "Service" (serviceSection name unit);
    target = _: _: "";
    timer = _: unit: section "Timer" unit.timerConfig;
    socket = _: unit: section "Socket" (unit.socketConfig // optionalAttrs (unit.listenStreams != [ ]) { ListenStream = unit.listenStreams; });
    path = _: unit: section "Path" unit.pathConfig;
    slice = _: unit: section "Slice" unit.sliceConfig;
  };
  isShipped = unit: file: unit.overrideStrategy == "asDropin" || builtins.elem file shipped;

  entriesOf = kind: units: lib.concatMapAttrs
    (name: unit:
      let
        file = "${name}.${kind}";
        content = section "Unit" (unitSection unit) + own.${kind} name unit;
        place = if isShipped unit file then "${file}.d/overrides.conf" else file;
        link = target: { name = "systemd/system/${target}"; value.source = wantedFile file unit; };
      in
      (if !unit.enable then { "systemd/system/${file}".source = "/dev/null"; }
      # Also when it is empty: which files there are must not hang on what units say, for units may name files.
      else { "systemd/system/${place}".source = named file (baseNameOf place) content; })
      // builtins.listToAttrs (lib.optionals unit.enable (
        map (target: link "${target}.wants/${file}") unit.wantedBy
        ++ map (target: link "${target}.requires/${file}") unit.requiredBy
        ++ map link unit.aliases)))
    units;
  # systemd takes a link whose target bears another name for an alias, so the store file has the unit's own name.
  named = unit: file: text: "${pkgs.writeTextFile { name = "unit-${unit}"; destination = "/${file}"; inherit text; }}/${file}";
  wantedFile = file: unit: if isShipped unit file then "/usr/lib/systemd/system/${file}" else "/etc/systemd/system/${file}";

  network = lib.concatMapAttrs
    (name: settings: {
      "systemd/network/${name}.network".text =
        section "Match" settings.matchConfig + section "Link" settings.linkConfig + section "Network" settings.networkConfig
        + section "DHCPv4" settings.dhcpV4Config + section "DHCPv6" settings.dhcpV6Config;
    })
    cfg.network.networks;
in
{
  config = {
    environment.etc =
      entriesOf "service" cfg.services // entriesOf "target" cfg.targets // entriesOf "timer" cfg.timers
      // entriesOf "socket" cfg.sockets // entriesOf "path" cfg.paths // entriesOf "slice" cfg.slices
      // optionalAttrs (cfg.tmpfiles.rules != [ ]) { "tmpfiles.d/00-nixos.conf".text = lib.concatLines cfg.tmpfiles.rules; }
      // optionalAttrs cfg.network.enable network;
    systemd.services = {
      systemd-networkd = lib.mkIf cfg.network.enable { wantedBy = [ "multi-user.target" ]; };
      # 26.05 points hostnamed at the declared file only (a hand-written /etc/hostname is then invisible to it).
      systemd-hostnamed = lib.mkIf (lib.versionAtLeast config.system.nixos.release "26.05") {
        environment.SYSTEMD_ETC_HOSTNAME = "/etc/static/hostname";
        environment.SYSTEMD_ETC_MACHINE_INFO = "/etc/static/machine-info";
      };
    };
  };
}
