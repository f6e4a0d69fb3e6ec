import { beginsWith, fromOctets, readStatements, type Statement } from './statements.ts';

/** A lease as dhclient keeps it (dhclient.leases(5)). */
export interface DhclientLease {
  readonly address: string | undefined;
  /** `host-name` as the server gave it. */
  readonly hostName: string | undefined;
  /** ISO 8601, UTC; undefined for ever. */
  readonly expiresAt: string | undefined;
  /** Lower-case hexadecimal with colons. */
  readonly clientId: string | undefined;
}

/** The last lease of an interface; the end of the file is enough to find it. */
export function readLastLease(text: string, device: string): DhclientLease | undefined {
  const start = /^lease \{/m.exec(text)?.index ?? 0;
  const leases = readStatements(text.slice(start)).filter((each) => beginsWith(each, 'lease'));
  const own = leases.findLast(({ block }) => block?.some((each) => isOf(each, device)));
  const block = own?.block;
  if (block === undefined) return undefined;
  return {
    address: last(block, 'fixed-address'),
    hostName: last(block, 'option', 'host-name'),
    expiresAt: readTime(last(block, 'expire')),
    clientId: readOctets(last(block, 'option', 'dhcp-client-identifier')),
  };
}

/**
 * The client identifier of `dhclient -i`: type 255, the last four octets of the MAC address as IAID, and the DUID
 * that the lease file keeps (dhclient(8); RFC 4361 section 6.1).
 */
export function clientIdFromDuid(line: string, mac: string): string | undefined {
  const octets = /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/.exec(mac.trim().toLowerCase())?.[0];
  const [statement] = readStatements(line);
  const duid = statement?.tokens[1];
  if (octets === undefined || statement === undefined || !beginsWith(statement, 'default-duid'))
    return undefined;
  if (duid?.kind !== 'string' || duid.text.length < 3 || duid.text.length > 130) return undefined;
  return `ff:${octets.slice(-11)}:${hexadecimal(duid.text)}`;
}

function isOf(statement: Statement, device: string): boolean {
  return beginsWith(statement, 'interface') && fromOctets(statement.tokens[1]?.text ?? '') === device;
}

/** What stands behind these words where they stand last; the tokens with one blank between. */
function last(block: readonly Statement[], ...words: readonly string[]): string | undefined {
  const tokens = block.findLast((each) => beginsWith(each, ...words))?.tokens.slice(words.length);
  return tokens?.map(({ text }) => fromOctets(text)).join(' ');
}

/** `2 2026/01/01 13:00:00`, in UTC, or `epoch 1767272400` with `db-time-format local`. */
function readTime(text = ''): string | undefined {
  const day = /^[0-6] (\d{4})\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d)$/.exec(text);
  const epoch = /^epoch (\d{1,11})$/.exec(text)?.[1];
  const time =
    day === null
      ? Number(epoch ?? Number.NaN) * 1000
      : Date.parse(`${day[1]}-${day[2]}-${day[3]}T${day[4]}Z`);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** Octets are written as `ff:1:2a`, or as a string where all of them can be printed. */
function readOctets(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  if (!/^[0-9a-f]{1,2}(?::[0-9a-f]{1,2})+$/i.test(text)) {
    return Buffer.from(text, 'utf8')
      .toString('hex')
      .replace(/..(?=.)/g, '$&:');
  }
  const octets = text.toLowerCase().split(':');
  return octets.map((octet) => octet.padStart(2, '0')).join(':');
}

function hexadecimal(octets: string): string {
  return Buffer.from(octets, 'latin1')
    .toString('hex')
    .replace(/..(?=.)/g, '$&:');
}
