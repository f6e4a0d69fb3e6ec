/** nmcli(1) -t puts a backslash before each colon and backslash of a value. */
export function unescapeTerse(text: string): string {
  return text.replace(/\\([:\\])/g, '$1');
}

/** A device as NetworkManager shows it; what was not shown is empty. */
export interface DeviceDetails {
  /** Of the profile that is active on it. */
  readonly uuid: string;
  /** D-Bus path. */
  readonly path: string;
  /** Lower case. */
  readonly mac: string;
  /** NMDeviceState: 100 is activated. */
  readonly state: number;
  /** DHCP options of the running lease by key, some of them sent and most of them received. */
  readonly options: ReadonlyMap<string, string>;
}

/** Reads `nmcli -t device show` with fields of GENERAL and, behind them, DHCP4. */
export function readDevice(text: string): DeviceDetails {
  return {
    uuid: general(text, 'CON-UUID'),
    path: general(text, 'DBUS-PATH'),
    mac: general(text, 'HWADDR').toLowerCase(),
    state: Number.parseInt(general(text, 'STATE'), 10) || 0,
    options: readDhcpOptions(text),
  };
}

function general(text: string, field: string): string {
  return unescapeTerse(new RegExp(`^GENERAL\\.${field}:(.*)$`, 'm').exec(text)?.[1] ?? '');
}

/**
 * DHCP options of `nmcli -t -f DHCP4 device show`: lines `DHCP4.OPTION[n]:key = value`, numbered differently
 * everywhere.
 */
export function readDhcpOptions(text: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^DHCP4\.OPTION\[\d+\]:(\w+) = (.*)$/.exec(line);
    if (match !== null) options.set(match[1] as string, unescapeTerse(match[2] as string));
  }
  return options;
}
