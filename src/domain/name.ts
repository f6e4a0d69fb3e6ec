/** A host name of one label, letters, digits and inner hyphens, at most 63 long, as written. */
export type Hostname = string & { readonly __hostname: unique symbol };

/** A name of two or more labels without a trailing dot, lower case, at most 253 long. */
export type Fqdn = string & { readonly __fqdn: unique symbol };

/** RFC 1123 section 2.1: a label may begin with a digit; RFC 1035 section 2.3.4: 63 octets. */
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/** Names that a guest must never be given: a resolver or browser takes them for something else. */
const reserved = new Set(['localhost', 'wpad', 'isatap', 'localdomain', 'broadcasthost']);

/** The text as a host name, or undefined where it is no legal label. */
export function parseHostname(text: string): Hostname | undefined {
  return label.test(text) ? (text as Hostname) : undefined;
}

/** True for names with a meaning of their own (RFC 6761, RFC 5214, WPAD). */
export function isReservedName(name: Hostname): boolean {
  return reserved.has(name.toLowerCase());
}

/** The text as a full name, or undefined where it is not legal; a trailing dot is dropped. */
export function parseFqdn(text: string): Fqdn | undefined {
  const bare = text.endsWith('.') ? text.slice(0, -1) : text;
  const labels = bare.split('.');
  if (bare.length > 253 || labels.length < 2 || !labels.every((part) => label.test(part))) {
    return undefined;
  }
  return bare.toLowerCase() as Fqdn;
}

/** The full name of a host in a domain; the domain must be legal already. */
export function fqdn(name: Hostname, domain: string): Fqdn {
  return `${name}.${domain}`.toLowerCase() as Fqdn;
}

/** The first label: what DHCP servers and clients go by, whether they keep a full name or not. */
export function firstLabel(name: string | undefined): string | undefined {
  return name?.split('.', 1)[0];
}

/** True if both are the same name; DNS compares letters without case (RFC 4343). */
export function sameName(left: string | undefined, right: string | undefined): boolean {
  return left !== undefined && right !== undefined && left.toLowerCase() === right.toLowerCase();
}
