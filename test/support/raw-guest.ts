/** What the probes of the one round trip print, decoded, by key with the section's name. */
export type GuestTexts = Readonly<Record<string, string>>;

const mac = 'bc:24:11:00:00:01';
const address = '10.2.10.5';
/** 2026-01-01T12:00:00Z and one hour later. */
const now = '1767268800';
const later = '1767272400';

/** What the round trip's script prints: each value as base64, and the end mark. */
export function answerOf(texts: GuestTexts): string {
  const lines = Object.entries(texts).map(
    ([key, text]) => `${key}=b:${Buffer.from(text, 'utf8').toString('base64')}\n`,
  );
  return `${lines.join('')}end=1\n`;
}

/** A NixOS guest whose name is `alpha` throughout, without a DHCP client. */
export const nixosTexts: GuestTexts = {
  'id.mac.1': `${mac}\n`,
  'id.mac.2': '00:00:00:00:00:00\n',
  'id.uuid': '00000000-0000-4000-8000-000000000610\n',
  'id.boot': '6f4b2f4e-7d0e-4c55-9a53-0f6a3a0d3f11\n',
  'id.clock': now,
  'os.release': 'ID=nixos\nNAME=NixOS\nPRETTY_NAME="NixOS 25.11 (Xantusia)"\n',
  'os.machine-id': '0123456789abcdef0123456789abcdef\n',
  'os.systemd': '1',
  'if.1.device': 'ens18',
  'if.1.mac': `${mac}\n`,
  'if.1.above': '',
  'if.1.v4': ipv4Line(address),
  'if.1.v6': '',
  'ci.installed': '1',
  'ci.status': '{"v1":{"datasource":"DataSourceNoCloud [seed=/dev/sr0]","stage":null}}',
  'ci.result': '{"v1":{"datasource":"DataSourceNoCloud [seed=/dev/sr0]","errors":[]}}',
  'ci.user.hostname': 'hostname: alpha',
  'ci.user.fqdn': 'fqdn: alpha.mgmt.internal',
  'ci.user.preserve_hostname': '',
  'ci.preserve': '',
  'ci.local': '',
  'ci.instance': '1111111111111111111111111111111111111111\n',
  'ci.linked': now,
  'ci.added': '1700000000',
  'ci.other': '',
  'ci.units.rc': '0',
  'ci.units': cloudInitUnits('sysinit.target network-online.target'),
  'keys.1': 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA root@alpha\n',
  'host.transient': 'alpha',
  'host.static': 'alpha\n',
  'host.believed.rc': '0',
  'host.believed': '{"type":"v","data":[{"type":"s","data":"alpha"}]}',
  ...systemTexts('booted', 'alpha'),
  ...systemTexts('current', 'alpha'),
  ...systemTexts('next', 'alpha'),
};

/** What makes a Debian guest of the default one: another os-release, and no NixOS systems. */
export const notNixos: Readonly<Record<string, string | undefined>> = {
  ...Object.fromEntries(
    (['booted', 'current', 'next'] as const)
      .flatMap((which) => Object.keys(systemTexts(which, 'alpha')))
      .map((key) => [key, undefined]),
  ),
  'os.release': 'ID=debian\nNAME="Debian GNU/Linux"\nPRETTY_NAME="Debian GNU/Linux 13 (trixie)"\n',
};

/** One of NixOS's three systems, with the name that it declares; empty for none. */
export function systemTexts(which: 'booted' | 'current' | 'next', name: string): GuestTexts {
  const path = `/nix/store/00000000000000000000000000000000-nixos-system-${name || 'unnamed'}-25.11`;
  return {
    [`nixos.${which}.path`]: path,
    [`nixos.${which}.name`]: name === '' ? '' : `${name}\n`,
    [`nixos.${which}.kernel`]: '/nix/store/k/bzImage',
    [`nixos.${which}.initrd`]: '/nix/store/i/initrd',
    [`nixos.${which}.kernel-modules`]: '/nix/store/m',
  };
}

/** A profile as it is saved; whatever is left out is a default. */
export interface RawProfile {
  readonly uuid?: string;
  readonly id?: string;
  readonly file?: string;
  readonly name?: string;
  readonly fqdn?: string;
  /** `-1` is the default, yes. */
  readonly sends?: '-1' | '0' | '1';
  readonly clientId?: string;
  readonly device?: string;
}

/** What NetworkManager says; whatever is left out is as on a healthy guest. */
export interface RawNetworkManager {
  /** The first one is active on the device. */
  readonly profiles?: readonly RawProfile[];
  /** Name in the applied copy; the saved one when left out, nothing to be read at all for null. */
  readonly applied?: string | null;
  /** What it believes the static name to be; null: it cannot be asked. */
  readonly believes?: string | null;
  /** DHCP options of the running lease, over the default ones. */
  readonly options?: Readonly<Record<string, string>>;
}

/** NetworkManager 1.52 on ens18, as the probe prints it. */
export function networkManagerTexts(given: RawNetworkManager = {}): GuestTexts {
  const profiles = (given.profiles ?? [{}]).map(withDefaults);
  const [active] = profiles as [Required<RawProfile>];
  const applied = given.applied === undefined ? active.name : given.applied;
  const options = {
    dhcp_client_identifier: `01:${mac}`,
    expiry: later,
    host_name: 'alpha',
    ip_address: address,
    ...given.options,
  };
  const ipv4 = {
    method: { type: 's', data: 'auto' },
    ...(applied ? { 'dhcp-hostname': { type: 's', data: applied } } : {}),
    ...(active.sends === '0' ? { 'dhcp-send-hostname': { type: 'b', data: false } } : {}),
  };
  const believes = given.believes === undefined ? 'alpha' : given.believes;
  return {
    'nm.version': '1.52.1',
    'nm.list': profiles.map((each) => `${each.uuid}:802-3-ethernet:yes:${each.file}`).join('\n'),
    'nm.1.device': 'ens18',
    'nm.1.show': [
      `GENERAL.HWADDR:${terse(mac.toUpperCase())}`,
      'GENERAL.STATE:100 (connected)',
      `GENERAL.CON-UUID:${active.uuid}`,
      'GENERAL.DBUS-PATH:/org/freedesktop/NetworkManager/Devices/2',
      ...Object.entries(options).map(([key, value], n) => `DHCP4.OPTION[${n + 1}]:${key} = ${terse(value)}`),
    ].join('\n'),
    'nm.1.applied.rc': applied === null ? '1' : '0',
    'nm.1.applied': applied === null ? '' : JSON.stringify({ type: 'a{sa{sv}}t', data: [{ ipv4 }, 3] }),
    'nm.saved.rc': '0',
    'nm.saved': profiles.map(savedText).join('\n\n'),
    'nm.hostname.rc': believes === null ? '1' : '0',
    'nm.hostname': believes ?? '',
  };
}

/** What systemd-networkd says; whatever is left out is as on a healthy guest. */
export interface RawNetworkd {
  /** Text of /etc/systemd/network/10-lan.network. */
  readonly file?: string;
  /** Texts of drop-ins in /etc, by file name. */
  readonly dropIns?: Readonly<Record<string, string>>;
  /** Name in the server's last answer; empty for none. */
  readonly acknowledged?: string;
  readonly clientId?: string;
}

/** systemd-networkd 257 on ens18, as the probe prints it. */
export function networkdTexts(given: RawNetworkd = {}): GuestTexts {
  const path = '/etc/systemd/network/10-lan.network';
  const dropIns = Object.entries(given.dropIns ?? {}).map(([name, text]) => [`${path}.d/${name}`, text]);
  const { acknowledged = 'alpha', clientId = `01${mac.replaceAll(':', '')}` } = given;
  const texts: [string, string][] = dropIns.flatMap(([name = '', text = ''], n): [string, string][] => [
    [`networkd.1.dropin.${n + 1}.path`, name],
    [`networkd.1.dropin.${n + 1}.text`, text],
  ]);
  return {
    'networkd.clock': now,
    'networkd.version': 'systemd 257 (257.13-1)',
    'networkd.1.device': 'ens18',
    'networkd.1.link': `NETWORK_FILE=${path}\nNETWORK_FILE_DROPINS="${dropIns.map(([name]) => name).join(':')}"\n`,
    'networkd.1.lease': [
      `ADDRESS=${address}`,
      ...(acknowledged === '' ? [] : [`HOSTNAME=${acknowledged}`]),
      `CLIENTID=${clientId}`,
    ].join('\n'),
    'networkd.1.addresses.rc': '0',
    'networkd.1.addresses': ipv4Line(address),
    'networkd.1.file.1.path': path,
    'networkd.1.file.1.text': given.file ?? '[Match]\nName=ens18\n[Network]\nDHCP=yes\n',
    ...Object.fromEntries(texts),
  };
}

/** dhcpcd 10.1 for all interfaces, as the probe prints it. */
export function dhcpcdTexts(conf: string, changes: GuestTexts = {}): GuestTexts {
  return {
    'dhcpcd.version': 'dhcpcd 10.1.0',
    'dhcpcd.host': 'alpha',
    'dhcpcd.1.device': 'ens18',
    'dhcpcd.1.mode': 'manager',
    'dhcpcd.1.flag': '-4',
    'dhcpcd.1.pid': '700',
    'dhcpcd.1.mac': `${mac}\n`,
    'dhcpcd.1.dump.rc': '0',
    'dhcpcd.1.dump': `reason=BOUND\ninterface=ens18\nprotocol=dhcp\nip_address=${address}\nhost_name=alpha\ndhcp_lease_time=3600\n`,
    'dhcpcd.1.since': now,
    'dhcpcd.1.conf.path': '/etc/dhcpcd.conf',
    'dhcpcd.1.conf.text': conf,
    ...changes,
  };
}

/** ISC dhclient 4.4.3, as the probe prints it. */
export function dhclientTexts(conf: string, changes: GuestTexts = {}): GuestTexts {
  const lease = `lease {\n  interface "ens18";\n  fixed-address ${address};\n  option host-name "alpha";\n  expire 4 2026/01/01 13:00:00;\n}\n`;
  return {
    'dhclient.version': 'isc-dhclient-4.4.3-P1',
    'dhclient.stanzas': 'iface ens18 inet dhcp\n',
    'dhclient.1.device': 'ens18',
    'dhclient.1.pid': '800',
    'dhclient.1.arguments': 'dhclient\n-4\nens18\n',
    'dhclient.1.mac': `${mac}\n`,
    'dhclient.1.addresses.rc': '0',
    'dhclient.1.addresses': ipv4Line(address),
    'dhclient.1.leases': lease,
    'dhclient.1.conf.path': '/etc/dhcp/dhclient.conf',
    'dhclient.1.conf.text': conf,
    'dhclient.1.usual.path': '/etc/dhcp/dhclient.conf',
    'dhclient.1.usual.text': conf,
    ...changes,
  };
}

/** An address of ens18 as `ip -4 -o addr` prints it; the lifetime marks it as one of DHCP's. */
function ipv4Line(of: string): string {
  return `2: ens18    inet ${of}/24 brd 10.2.10.255 scope global dynamic ens18\\       valid_lft 3600sec preferred_lft 3600sec`;
}

function withDefaults(given: RawProfile, index: number): Required<RawProfile> {
  return {
    uuid: `00000000-0000-4000-8000-00000000000${index + 1}`,
    id: `Wired connection ${index + 1}`,
    file: `/etc/NetworkManager/system-connections/wired-${index + 1}.nmconnection`,
    name: '',
    fqdn: '',
    sends: '-1',
    clientId: '',
    device: '',
    ...given,
  };
}

/** The fields in the order in which the probe asks for them, one a line. */
function savedText(profile: Required<RawProfile>): string {
  const { uuid, sends, name, fqdn, clientId, device, id } = profile;
  return [uuid, 'auto', sends, '', uuid, name, uuid, fqdn, uuid, clientId, uuid, device, uuid, id, uuid].join(
    '\n',
  );
}

function terse(text: string): string {
  return text.replaceAll(':', String.raw`\:`);
}

/** What systemctl shows of cloud-init's units where its network stage is ordered before these. */
export function cloudInitUnits(networkStage: string): string {
  return [
    'Id=cloud-init-local.service\nBefore=network-pre.target shutdown.target\nLoadState=loaded',
    `Id=cloud-init.service\nBefore=${networkStage}\nLoadState=loaded`,
    'Id=cloud-init-network.service\nBefore=\nLoadState=not-found',
  ].join('\n\n');
}
