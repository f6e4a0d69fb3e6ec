/**
 * The `KEY=value` lines of a file below /run/systemd/netif: comments are passed over, quotes around a value
 * taken off, and of two with one key the last wins (systemd src/basic/env-file.c).
 */
export function environment(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([A-Z0-9_]+)=(.*)$/.exec(line);
    if (match === null) continue;
    const [, key = '', value = ''] = match;
    found.set(key, /^"(.*)"$/.exec(value)?.[1] ?? value);
  }
  return found;
}

/** `NETWORK_FILE_DROPINS`: paths with colons between them; other odd characters are escaped (networkd-link.c). */
export function splitPaths(list: string): string[] {
  const paths = list.split(':').filter((path) => path !== '');
  return paths.map((path) => path.replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) => hexCharacter(hex)));
}

function hexCharacter(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}

/** `CLIENTID` of the lease, hexadecimal without marks, as option 61 is written elsewhere. */
export function clientIdOf(text: string | undefined): string | undefined {
  if (text === undefined || !/^(?:[0-9a-f]{2})+$/i.test(text)) return undefined;
  return text.toLowerCase().replace(/..(?=.)/g, '$&:');
}

/**
 * When the kernel takes the address away, ISO 8601, UTC: networkd gives it the lifetime of the lease. From the
 * lines of `ip -4 -o addr` and the clock in seconds since 1970; undefined for ever, or where it is not known.
 */
export function endOfLifetime(
  addresses: string,
  address: string | undefined,
  clock: string | undefined,
): string | undefined {
  const line = addresses.split('\n').find((each) => each.includes(` inet ${address}/`));
  const rest = /\bvalid_lft (\d{1,10})sec\b/.exec(line ?? '')?.[1];
  if (rest === undefined || clock === undefined || !/^\d{1,11}$/.test(clock)) return undefined;
  return new Date((Number(clock) + Number(rest)) * 1000).toISOString();
}
