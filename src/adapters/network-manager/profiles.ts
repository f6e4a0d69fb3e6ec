/** One row of the list of profiles. */
export interface ListedProfile {
  readonly type: string;
  readonly autoconnect: boolean;
  /** Empty for a profile without a file. */
  readonly file: string;
}

/** What is saved in a profile, of what concerns the name; a value that is unset is empty. */
export interface SavedProfile {
  readonly id: string;
  readonly interfaceName: string;
  /** The hardware address that the profile is bound to. */
  readonly macAddress: string;
  /** `ipv4.method`; empty for the port of a bridge or bond, which has no such settings. */
  readonly method: string;
  readonly sendsName: boolean;
  readonly name: string;
  readonly fqdn: string;
  readonly clientId: string;
}

/** Columns for `nmcli -e no -g`; the file, which may hold anything, is the last. */
export const listColumns = 'UUID,TYPE,AUTOCONNECT,FILENAME';

/**
 * Fields for `nmcli -e no -g`. nmcli(1) escapes no newline, so the uuid stands between the values that people
 * write: where each one ends is known of all but those that hold a line with just that uuid.
 */
export const savedFields = [
  'connection.uuid,ipv4.method,ipv4.dhcp-send-hostname,802-3-ethernet.mac-address',
  'ipv4.dhcp-hostname',
  'ipv4.dhcp-fqdn',
  'ipv4.dhcp-client-id',
  'connection.interface-name',
  'connection.id',
]
  .join(',connection.uuid,')
  .concat(',connection.uuid');

/** The list by uuid. A line that begins no row belongs to the file of the row before it. */
export function readList(text: string): ReadonlyMap<string, ListedProfile> {
  const rows = new Map<string, ListedProfile>();
  let last: string | undefined;
  for (const line of text.split('\n')) {
    const match = /^([0-9a-f-]{36}):([^:]*):(yes|no):(.*)$/.exec(line);
    const before = last === undefined ? undefined : rows.get(last);
    if (match !== null) {
      const [, uuid, type, autoconnect, file] = match as unknown as [string, string, string, string, string];
      rows.set(uuid, { type, autoconnect: autoconnect === 'yes', file });
      last = uuid;
    } else if (last !== undefined && before !== undefined) {
      rows.set(last, { ...before, file: `${before.file}\n${line}` });
    }
  }
  return rows;
}

/** One profile from what {@link savedFields} printed; undefined when it is not there whole. */
export function readSaved(text: string, uuid: string): SavedProfile | undefined {
  const parts = `\n${text}\n`.split(`\n${uuid}\n`);
  const start = parts.findIndex((part) => head.test(part));
  const [settings, name, fqdn, clientId, interfaceName, id, ...after] = start < 0 ? [] : parts.slice(start);
  if (after.length === 0) return undefined;
  const [, method, sends, macAddress] = head.exec(settings as string) as unknown as string[];
  return {
    id: id as string,
    interfaceName: interfaceName as string,
    macAddress: (macAddress as string).toLowerCase(),
    method: method as string,
    sendsName: !['no', '0'].includes(sends as string),
    name: name as string,
    fqdn: fqdn as string,
    clientId: clientId as string,
  };
}

/** Method, whether a name is sent (1.42 prints yes or no, 1.52 prints -1 for its default: yes, 0 or 1), address. */
const head = /^([a-z-]*)\n(yes|no|-1|0|1|)\n([0-9A-Fa-f:]*)$/;
