import type { NameRule } from '../../domain/dhcp-client.ts';

/** How dhcpcd makes its client identifier: from the DUID, from the MAC address, or in a way not known here. */
export type ClientIdRule = 'duid' | 'mac' | 'none' | 'unknown';

/** What dhcpcd.conf says for one interface. */
export interface DhcpcdSettings {
  readonly rule: NameRule;
  /** Only the first label of a name goes out. */
  readonly short: boolean;
  readonly clientId: ClientIdRule;
}

/**
 * The settings for an interface: the lines before the first block and those of blocks with its name; the last
 * one counts (dhcpcd.conf(5); dhcpcd src/if-options.c, read_config and parse_option). The name goes out whole
 * unless `hostname_short` is there, underscores and all. With `fqdn` it goes out as option 81, and then no
 * `hostname` line is needed. Without either nothing is sent.
 */
export function readConf(text: string, file: string, device: string): DhcpcdSettings {
  const found: Found = { hostname: false, short: false, fqdn: false, name: '', clientId: 'none' };
  let ours = true;
  for (const { option, value } of lines(text)) {
    if (option === 'interface') ours = value === device;
    else if (option === 'ssid' || option === 'profile') ours = false;
    else if (ours) apply(found, option, value);
  }
  return { rule: ruleOf(found, file), short: found.short, clientId: found.clientId };
}

/** The rule for a name that is written down in the file; some names dhcpcd keeps to itself. */
export function legalRule(name: string, short: boolean, file: string): NameRule {
  const sent = short ? (name.split('.')[0] ?? '') : name;
  if (refused.test(sent))
    return { from: 'nothing', why: `dhcpcd does not send the name ${JSON.stringify(sent)}` };
  return { from: 'profile', name: sent, file };
}

interface Found {
  hostname: boolean;
  short: boolean;
  fqdn: boolean;
  name: string;
  clientId: ClientIdRule;
}

/** dhcpcd src/dhcp-common.c, dhcp_get_hostname. */
const refused = /^(?:|\..*|\(none\)|localhost|localhost\..*)$/s;

/** HOSTNAME_MAX_LEN of dhcpcd src/if-options.h; a longer name is an error, and its line is passed over. */
const longestName = 250;

function ruleOf(found: Found, file: string): NameRule {
  if (!found.hostname && !found.fqdn) return { from: 'nothing', why: `${file} has no hostname line` };
  if (found.name !== '') return legalRule(found.name, found.short, file);
  return { from: 'transient', cut: found.short, legalOnly: false };
}

function apply(found: Found, option: string, value: string): void {
  switch (option) {
    case 'hostname':
      if (value === '') found.hostname = true;
      else setName(found, unquote(value));
      break;
    case 'hostname_short':
      found.hostname = true;
      found.short = true;
      break;
    case 'fqdn':
      if (['', 'both', 'ptr', 'none'].includes(value)) found.fqdn = true;
      else if (value === 'disable') found.fqdn = false;
      break;
    case 'duid':
      found.clientId = 'duid';
      break;
    case 'clientid':
      if (value !== '') found.clientId = 'unknown';
      else if (found.clientId === 'none') found.clientId = 'mac';
      break;
    case 'anonymous':
    case 'iaid':
      found.clientId = 'unknown';
      break;
  }
}

function setName(found: Found, name: string): void {
  if (name.startsWith('.') || name.length > longestName) return;
  found.name = name;
  found.hostname = name !== '';
}

function unquote(value: string): string {
  const bare = value.startsWith('"') ? value.slice(1, value.endsWith('"') ? -1 : undefined) : value;
  return bare.replace(/\\(.)/g, '$1');
}

/** A comment begins at a `#` outside of quotes that no backslash stands before; `;` begins one at the start only. */
function lines(text: string): { readonly option: string; readonly value: string }[] {
  const found: { option: string; value: string }[] = [];
  for (const raw of text.split('\n')) {
    const line = raw.replace(/^[ \t]+/, '');
    if (line === '' || /^[#;]/.test(line)) continue;
    const bare = withoutComment(line);
    const option = /^[^ \t]*/.exec(bare)?.[0] ?? '';
    found.push({ option, value: bare.slice(option.length).replace(/^[ \t]+|[ \t]+$/g, '') });
  }
  return found;
}

function withoutComment(line: string): string {
  let quoted = false;
  for (let index = 0; index < line.length; index += 1) {
    const character = line[index];
    if (character === '\\') index += 1;
    else if (character === '"') quoted = !quoted;
    else if (character === '#' && !quoted) return line.slice(0, index);
  }
  return line;
}
