import { createHash } from 'node:crypto';

const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** The specification's default. */
const rounds = 5000;

/**
 * A password as SHA-256 crypt (`$5$SALT$HASH`), which is how the product stores `cipassword`; what already
 * looks crypted is kept. `salt` is up to 16 characters of `./0-9A-Za-z`.
 * Source: pve-common PVE/Tools.pm `encrypt_pw`; Ulrich Drepper, "Unix crypt using SHA-256 and SHA-512", 2008.
 */
export function cryptPassword(password: string, salt: string): string {
  if (/^\$(1|5|6|y)\$/.test(password) || /^\$2[abxy]?\$/.test(password)) return password;
  const key = Buffer.from(password, 'utf8');
  const saltBytes = Buffer.from(salt, 'latin1');
  let digest = firstDigest(key, saltBytes);
  const p = repeat(sha256(...Array.from({ length: key.length }, () => key)), key.length);
  const saltTimes = 16 + (digest[0] ?? 0);
  const s = repeat(sha256(...Array.from({ length: saltTimes }, () => saltBytes)), saltBytes.length);
  for (let round = 0; round < rounds; round += 1) {
    const odd = round % 2 === 1;
    const parts = [odd ? p : digest];
    if (round % 3 !== 0) parts.push(s);
    if (round % 7 !== 0) parts.push(p);
    parts.push(odd ? digest : p);
    digest = sha256(...parts);
  }
  return `$5$${salt}$${encode(digest)}`;
}

/** A salt from eight random bytes. */
export function saltOf(random: Buffer): string {
  return [...random].map((byte) => alphabet[byte % 64]).join('');
}

function sha256(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function repeat(digest: Buffer, length: number): Buffer {
  return Buffer.alloc(length, digest);
}

function firstDigest(key: Buffer, salt: Buffer): Buffer {
  const alternate = sha256(key, salt, key);
  const parts = [key, salt, repeat(alternate, key.length)];
  for (let length = key.length; length > 0; length >>= 1) parts.push((length & 1) === 1 ? alternate : key);
  return sha256(...parts);
}

/** The order in which the bytes go out, three at a time, is the specification's. */
function encode(digest: Buffer): string {
  let text = '';
  for (let group = 0; group < 10; group += 1) {
    const indices = [group, (group + 10) % 30, (group + 20) % 30];
    const turned = [0, 1, 2].map((place) => indices[(place + (3 - (group % 3))) % 3] ?? 0);
    text += base64(
      turned.map((index) => digest[index] ?? 0),
      4,
    );
  }
  return text + base64([0, digest[31] ?? 0, digest[30] ?? 0], 3);
}

function base64([high = 0, middle = 0, low = 0]: readonly number[], characters: number): string {
  let value = (high << 16) | (middle << 8) | low;
  let text = '';
  for (let index = 0; index < characters; index += 1) {
    text += alphabet[value & 63];
    value >>= 6;
  }
  return text;
}
