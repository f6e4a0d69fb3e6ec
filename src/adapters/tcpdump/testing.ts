/** What a hand-made DHCP message says; what it leaves out is zero. */
export interface HandMade {
  readonly mac?: string;
  readonly answer?: boolean;
  /** `ciaddr` and `yiaddr`. */
  readonly client?: string;
  readonly yours?: string;
  /** Code and bytes, in order, behind the magic cookie; the end option follows. */
  readonly options: readonly (readonly [code: number, bytes: Uint8Array | readonly number[]])[];
  /** What the fields `sname` and `file` hold in place of zeros. */
  readonly serverName?: Uint8Array;
  readonly bootFile?: Uint8Array;
}

/** The MAC address of hand-made messages. */
export const clientMac = 'bc:24:11:00:00:01';

/** A message of RFC 2131, for tests. */
export function makeMessage(made: HandMade): Buffer {
  const fixed = Buffer.alloc(240);
  fixed.set([made.answer === true ? 2 : 1, 1, 6, 0]);
  fixed.set((made.client ?? '0.0.0.0').split('.').map(Number), 12);
  fixed.set((made.yours ?? '0.0.0.0').split('.').map(Number), 16);
  fixed.write((made.mac ?? clientMac).replaceAll(':', ''), 28, 'hex');
  fixed.set(made.serverName ?? [], 44);
  fixed.set(made.bootFile ?? [], 108);
  fixed.write('63825363', 236, 'hex');
  return Buffer.concat([fixed, makeOptions(made.options), Buffer.from([255])]);
}

/** Options as they stand in a message, one behind the other. */
export function makeOptions(options: HandMade['options']): Buffer {
  return Buffer.concat(options.map(([code, bytes]) => Buffer.from([code, bytes.length, ...bytes])));
}

/** An Ethernet frame with a UDP datagram from port 68 to port 67, below these VLAN tags. */
export function makeFrame(payload: Uint8Array, tags: readonly number[] = [], ipOptions = 0): Buffer {
  const ethernet = Buffer.from(`ffffffffffff${clientMac.replaceAll(':', '')}`, 'hex');
  const vlan = Buffer.from(tags.flatMap((tag) => [0x81, 0x00, tag >> 8, tag & 0xff]));
  const header = 20 + ipOptions;
  const ip = Buffer.alloc(header);
  ip.set([0x40 | (header / 4), 0]);
  ip.writeUInt16BE(header + 8 + payload.length, 2);
  ip.set([64, 17], 8);
  ip.set([255, 255, 255, 255], 16);
  const udp = Buffer.alloc(8);
  udp.writeUInt16BE(68, 0);
  udp.writeUInt16BE(67, 2);
  udp.writeUInt16BE(8 + payload.length, 4);
  return Buffer.concat([ethernet, vlan, Buffer.from([0x08, 0x00]), ip, udp, payload]);
}

/** A capture file; each packet at its number of seconds and a half since the epoch. */
export function makePcap(packets: readonly Uint8Array[], little = true, nano = false, linkType = 1): Buffer {
  const word = (value: number) => {
    const bytes = Buffer.alloc(4);
    if (little) bytes.writeUInt32LE(value);
    else bytes.writeUInt32BE(value);
    return bytes;
  };
  const head = [nano ? 0xa1b23c4d : 0xa1b2c3d4, little ? (4 << 16) | 2 : (2 << 16) | 4, 0, 0, 2048, linkType];
  const records = packets.flatMap((packet, second) => [
    ...[second, nano ? 5e8 : 5e5, packet.length, packet.length].map(word),
    packet,
  ]);
  return Buffer.concat([...head.map(word), ...records]);
}
