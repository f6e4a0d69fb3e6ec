/** A MAC address, six pairs of lower-case hexadecimal digits parted by colons. */
export type Mac = string & { readonly __mac: unique symbol };

/** The text (any case, colons or hyphens) as a MAC address, or undefined. */
export function parseMac(text: string): Mac | undefined {
  const folded = text.trim().toLowerCase().replaceAll('-', ':');
  return /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(folded) ? (folded as Mac) : undefined;
}
