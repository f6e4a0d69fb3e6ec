/**
 * The DUID inside a client identifier (`ff`, four bytes of IAID, then the DUID: RFC 4361 section 6.1), lower-case
 * hexadecimal with colons; undefined for one of another form, such as a MAC address behind its hardware type.
 */
export function duidOf(clientId: string): string | undefined {
  const bytes = clientId.toLowerCase().split(':');
  return bytes[0] === 'ff' && bytes.length > 7 ? bytes.slice(5).join(':') : undefined;
}

/** True if two client identifiers are the same, or stand for the same machine by their DUID. */
export function sameMachine(left: string | undefined, right: string | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  if (left.toLowerCase() === right.toLowerCase()) return true;
  const duid = duidOf(left);
  return duid !== undefined && duid === duidOf(right);
}
