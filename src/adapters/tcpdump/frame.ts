/** What a UDP datagram carried, and between which ports. */
export interface Datagram {
  readonly from: number;
  readonly to: number;
  readonly payload: Uint8Array;
}

/** EtherTypes of a VLAN tag: 802.1Q and 802.1ad. */
const tags = new Set([0x8100, 0x88a8]);
const ipv4 = 0x0800;
const udp = 17;

/**
 * The UDP datagram in an Ethernet frame that carries IPv4 (RFC 791, RFC 768), below up to two VLAN tags.
 * Undefined for all else, for fragments, and where the frame is shorter than it says.
 */
export function readDatagram(frame: Uint8Array): Datagram | undefined {
  const packet = ipv4Packet(frame);
  if (packet === undefined || packet.length < 20) return undefined;
  const header = ((packet[0] as number) & 0x0f) * 4;
  const length = word(packet, 2);
  // More fragments, or one that is not the first.
  const fragment = (word(packet, 6) & 0x3fff) !== 0;
  if ((packet[0] as number) >> 4 !== 4 || header < 20 || fragment || packet[9] !== udp) return undefined;
  if (length < header + 8 || length > packet.length) return undefined;
  const datagram = packet.subarray(header, length);
  const size = word(datagram, 4);
  if (size < 8 || size > datagram.length) return undefined;
  return { from: word(datagram, 0), to: word(datagram, 2), payload: datagram.subarray(8, size) };
}

function ipv4Packet(frame: Uint8Array): Uint8Array | undefined {
  let at = 12;
  for (let depth = 0; depth < 2 && at + 4 <= frame.length && tags.has(word(frame, at)); depth += 1) at += 4;
  return at + 2 <= frame.length && word(frame, at) === ipv4 ? frame.subarray(at + 2) : undefined;
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}
