/** What is in force on a device, of what concerns the name. */
export interface AppliedConnection {
  readonly name: string;
  readonly timeout: number;
  /** False where it is set to send no name. */
  readonly sendsName: boolean;
  /** Goes up by one at each reapply that changed something. */
  readonly version: number;
}

/**
 * Reads busctl's JSON of `GetAppliedConnection` (D-Bus signature `a{sa{sv}}t`); undefined when it is not
 * that. Defaults are left out by NetworkManager: a missing `dhcp-hostname` means none. 1.52 keeps the boolean
 * `dhcp-send-hostname` beside its newer `dhcp-send-hostname-v2`.
 */
export function readApplied(json: string): AppliedConnection | undefined {
  const data = fieldOf(parse(json), 'data');
  if (!Array.isArray(data) || typeof data[1] !== 'number') return undefined;
  const ipv4 = fieldOf(data[0], 'ipv4');
  const name = fieldOf(fieldOf(ipv4, 'dhcp-hostname'), 'data');
  const timeout = fieldOf(fieldOf(ipv4, 'dhcp-timeout'), 'data');
  const sends = fieldOf(fieldOf(ipv4, 'dhcp-send-hostname'), 'data');
  return {
    name: typeof name === 'string' ? name : '',
    timeout: typeof timeout === 'number' ? timeout : 0,
    sendsName: sends !== false,
    version: data[1],
  };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[field] : undefined;
}
