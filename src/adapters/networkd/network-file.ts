import type { NameRule } from '../../domain/dhcp-client.ts';

/** A .network file or one of its drop-ins, as it lies on the disk. */
export interface NetworkText {
  readonly path: string;
  readonly text: string;
}

/** What a .network file with its drop-ins says of the DHCPv4 client. */
export interface DhcpSettings {
  /** `DHCP=` of `[Network]` turns DHCPv4 on. */
  readonly enabled: boolean;
  readonly rule: NameRule;
}

/**
 * The settings that follow from these texts, read in this order: a later line replaces an earlier one, and one
 * whose value is not valid is passed over (systemd.network(5), systemd.syntax(7)). `Hostname=` of several labels
 * goes out whole, as option 81; without one networkd sends the kernel's name, likewise whole, and none where
 * that is no host name (systemd src/network/networkd-dhcp4.c, dhcp4_set_hostname).
 */
export function readDhcpSettings(texts: readonly NetworkText[]): DhcpSettings {
  const found: Found = { enabled: false, sends: true, sendsFile: '', named: undefined };
  for (const { path, text } of texts) {
    for (const { section, key, value } of assignments(text)) {
      if (section === 'Network' && key === 'DHCP') found.enabled = switchOf(dhcpModes, value, found.enabled);
      if (dhcpSections.has(section)) apply(found, key, value, path);
    }
  }
  return { enabled: found.enabled, rule: ruleOf(found) };
}

interface Found {
  enabled: boolean;
  sends: boolean;
  sendsFile: string;
  named: { readonly name: string; readonly file: string } | undefined;
}

function apply(found: Found, key: string, value: string, file: string): void {
  if (key === 'SendHostname') {
    if (booleans.has(value.toLowerCase())) found.sendsFile = file;
    found.sends = switchOf(booleans, value, found.sends);
  }
  if (key !== 'Hostname') return;
  if (value === '') found.named = undefined;
  else if (isHostname(value)) found.named = { name: value, file };
}

function ruleOf({ sends, sendsFile, named }: Found): NameRule {
  if (!sends) return { from: 'nothing', why: `${sendsFile} sets SendHostname=no` };
  if (named !== undefined) return { from: 'profile', ...named };
  return { from: 'transient', cut: false, legalOnly: true };
}

function switchOf(words: ReadonlyMap<string, boolean>, word: string, before: boolean): boolean {
  return words.get(word.toLowerCase()) ?? before;
}

/** `[DHCP]` is the old spelling, which is still read. */
const dhcpSections: ReadonlySet<string> = new Set(['DHCPv4', 'DHCP']);

/** systemd.syntax(7); `both`, `v4`, `v6` and `none` are old spellings (networkd-dhcp-common.c). */
const booleans: ReadonlyMap<string, boolean> = new Map([
  ...['1', 'yes', 'y', 'true', 't', 'on'].map((word) => [word, true] as const),
  ...['0', 'no', 'n', 'false', 'f', 'off'].map((word) => [word, false] as const),
]);
const dhcpModes: ReadonlyMap<string, boolean> = new Map([
  ...booleans,
  ...['ipv4', 'v4', 'both'].map((word) => [word, true] as const),
  ...['ipv6', 'v6', 'none'].map((word) => [word, false] as const),
]);

const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/** hostname_is_valid() and dns_name_is_valid(): labels of 63, and 64 in all (HOST_NAME_MAX). */
function isHostname(text: string): boolean {
  return text.length <= 64 && text.split('.').every((part) => label.test(part));
}

interface Assignment {
  readonly section: string;
  readonly key: string;
  readonly value: string;
}

/** systemd.syntax(7): a backslash at the end of a line continues it with a space; comments within are dropped. */
function assignments(text: string): Assignment[] {
  const found: Assignment[] = [];
  let section = '';
  let joined = '';
  for (const raw of text.replace(/^\uFEFF/, '').split('\n')) {
    const line = raw.trim();
    if (/^[#;]/.test(line)) continue;
    if (line.endsWith('\\')) {
      joined += `${line.slice(0, -1)} `;
      continue;
    }
    const whole = `${joined}${line}`.trim();
    joined = '';
    if (whole.startsWith('[')) {
      section = whole.endsWith(']') ? whole.slice(1, -1) : '';
      continue;
    }
    const equals = whole.indexOf('=');
    if (equals < 1) continue;
    found.push({ section, key: whole.slice(0, equals).trim(), value: whole.slice(equals + 1).trim() });
  }
  return found;
}
