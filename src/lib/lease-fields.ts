/** A dotted quad as a number; -1 for anything else (leading zeros are refused: they read as octal). */
export function ipv4Number(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  let at = start;
  for (let parts = 4; parts > 0; parts -= 1) {
    const begin = at;
    let part = 0;
    while (at < end && at - begin < 3 && isDigit(bytes[at] as number)) {
      part = part * 10 + (bytes[at] as number) - 48;
      at += 1;
    }
    const octal = at - begin > 1 && bytes[begin] === 48;
    const ended = parts === 1 ? at === end : at < end && bytes[at] === 46;
    if (at === begin || octal || part > 255 || !ended) return -1;
    value = value * 256 + part;
    at += 1;
  }
  return value;
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

/** Six pairs of hexadecimal digits parted by colons, either case, as a number of 48 bits; -1 for anything else. */
export function macNumber(bytes: Uint8Array, start: number, end: number): number {
  if (end - start !== 17) return -1;
  let value = 0;
  for (let at = start; at < end; at += 3) {
    const high = hexDigit(bytes[at] as number);
    const low = hexDigit(bytes[at + 1] as number);
    if (high < 0 || low < 0 || (at + 2 < end && bytes[at + 2] !== 58)) return -1;
    value = value * 256 + high * 16 + low;
  }
  return value;
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const folded = byte | 32;
  return folded >= 97 && folded <= 102 ? folded - 87 : -1;
}

/** One to `most` decimal digits, and nothing else. */
export function isNumber(bytes: Uint8Array, start: number, end: number, most: number): boolean {
  if (end <= start || end - start > most) return false;
  for (let at = start; at < end; at += 1) if (!isDigit(bytes[at] as number)) return false;
  return true;
}

/** Hash of a name's first label, whatever the case of its ASCII letters; never 0 (FNV-1a, 32 bits). */
export function labelHash(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) {
    let byte = bytes[at] as number;
    if (byte === 46) break;
    if (byte >= 65 && byte <= 90) byte += 32;
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash >>> 0 || 1;
}
