import type { ClientIdRule } from './conf.ts';

/** The variables of the DHCPv4 part of `dhcpcd -U`; empty when it shows none (dhcpcd(8), dhcpcd-run-hooks(8)). */
export function readDump(text: string): ReadonlyMap<string, string> {
  for (const part of text.split(/\n\n+/)) {
    const variables = new Map(part.split('\n').map(variable));
    if (variables.get('protocol') === 'dhcp') return variables;
  }
  return new Map();
}

function variable(line: string): [string, string] {
  const equals = line.indexOf('=');
  const value = line.slice(equals + 1);
  return [line.slice(0, Math.max(equals, 0)), /^(['"])(.*)\1$/.exec(value)?.[2] ?? value];
}

/**
 * The end of a lease whose file was written at `since`, both in seconds; ISO 8601, UTC. Undefined if unknown or for
 * ever.
 */
export function leaseEnd(since: string | undefined, seconds: string | undefined): string | undefined {
  const start = count(since);
  const length = count(seconds);
  if (start === undefined || length === undefined || length === 0xffffffff) return undefined;
  return new Date((start + length) * 1000).toISOString();
}

function count(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,11}$/.test(text) ? Number(text) : undefined;
}

/**
 * Option 61 that dhcpcd makes: type 255, the last four octets of the MAC address as IAID, and the DUID (RFC 4361
 * section 6.1); or type 1 and the MAC address (RFC 2132 section 9.14).
 */
export function clientIdOf(rule: ClientIdRule, mac: string, duid: string): string | undefined {
  const octets = /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/.exec(mac.trim().toLowerCase())?.[0];
  if (octets === undefined) return undefined;
  if (rule === 'mac') return `01:${octets}`;
  const unique = /^(?:[0-9a-f]{2}:){2,129}[0-9a-f]{2}$/.exec(duid.trim().toLowerCase())?.[0];
  if (rule !== 'duid' || unique === undefined) return undefined;
  return `ff:${octets.slice(-11)}:${unique}`;
}
