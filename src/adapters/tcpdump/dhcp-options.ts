/** The options of a DHCP message by code, each whole. */
export type DhcpOptions = ReadonlyMap<number, Uint8Array>;

const pad = 0;
const end = 255;
const overload = 52;

/** Where the fields are in a message (RFC 2131 section 2); options follow the magic cookie. */
const serverName = [44, 108] as const;
const bootFile = [108, 236] as const;
const optionsStart = 240;

/**
 * All options of a message: those of the options field, then those of `file` and `sname` where option 52 says
 * that these hold options (RFC 2131 section 4.1); several of one code are parts of one (RFC 3396 section 7).
 * Undefined when an option reaches beyond its field.
 */
export function readOptions(message: Uint8Array): DhcpOptions | undefined {
  const options = new Map<number, Uint8Array>();
  if (!readField(message.subarray(optionsStart), options)) return undefined;
  const overloaded = options.get(overload)?.[0] ?? 0;
  // RFC 2132 section 9.3: 1 `file`, 2 `sname`, 3 both.
  if ((overloaded & 1) !== 0 && !readField(message.subarray(...bootFile), options)) return undefined;
  if ((overloaded & 2) !== 0 && !readField(message.subarray(...serverName), options)) return undefined;
  return options;
}

function readField(field: Uint8Array, options: Map<number, Uint8Array>): boolean {
  let at = 0;
  while (at < field.length && field[at] !== end) {
    const code = field[at] as number;
    at += 1;
    if (code === pad) continue;
    const length = field[at];
    if (length === undefined || at + 1 + length > field.length) return false;
    const part = field.subarray(at + 1, at + 1 + length);
    const before = options.get(code);
    options.set(code, before === undefined ? part : Buffer.concat([before, part]));
    at += 1 + length;
  }
  return true;
}
