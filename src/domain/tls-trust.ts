/** By what a server's certificate is judged. */
export type TlsTrust =
  | { readonly kind: 'system' }
  /** PEM text of the authorities; they replace the system's. The host name is checked too. */
  | { readonly kind: 'authority'; readonly pem: string }
  /** SHA-256 of the certificate; replaces the check of chain, dates and host name. */
  | { readonly kind: 'fingerprint'; readonly sha256: string };

/** The fingerprint as 32 upper-case pairs parted by colons (as Node and Proxmox VE print it), or undefined. */
export function parseFingerprint(text: string): string | undefined {
  const digits = text
    .trim()
    .replace(/^sha-?256[:= ]\s*/i, '')
    .replaceAll(':', '')
    .toUpperCase();
  if (!/^[0-9A-F]{64}$/.test(digits)) return undefined;
  return digits.match(/../g)?.join(':');
}
