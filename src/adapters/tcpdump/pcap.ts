/** One packet of a capture. */
export interface CapturedPacket {
  /** ISO 8601, UTC, by the clock of the machine that captured. */
  readonly at: string;
  /** The frame, as far as it was captured. */
  readonly bytes: Uint8Array;
}

/** What a capture file holds. */
export interface Capture {
  /** The link-layer header type (pcap-linktype(7)). */
  readonly linkType: number;
  readonly packets: readonly CapturedPacket[];
  /** The file ends within a packet, or in what cannot be one. */
  readonly cut: boolean;
}

/** Ethernet, LINKTYPE_ETHERNET (pcap-linktype(7)). */
export const ethernet = 1;

/** The first word of a file as it stands, by byte order and unit of its times (pcap-savefile(5)). */
const forms: Readonly<Record<string, { readonly little: boolean; readonly perSecond: number }>> = {
  a1b2c3d4: { little: false, perSecond: 1e6 },
  d4c3b2a1: { little: true, perSecond: 1e6 },
  a1b23c4d: { little: false, perSecond: 1e9 },
  '4d3cb2a1': { little: true, perSecond: 1e9 },
};

const fileHeader = 24;
const packetHeader = 16;

/** Reads a classic capture file (pcap-savefile(5)) of either byte order; undefined when it is none. */
export function readPcap(file: Uint8Array): Capture | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const form = file.length < fileHeader ? undefined : forms[view.getUint32(0).toString(16)];
  if (form === undefined) return undefined;
  const word = (at: number) => view.getUint32(at, form.little);
  const packets: CapturedPacket[] = [];
  let at = fileHeader;
  while (at + packetHeader <= file.length) {
    const length = word(at + 8);
    const end = at + packetHeader + length;
    if (end > file.length) break;
    const milliseconds = word(at) * 1000 + Math.floor((word(at + 4) * 1000) / form.perSecond);
    packets.push({
      at: new Date(milliseconds).toISOString(),
      bytes: file.subarray(at + packetHeader, end),
    });
    at = end;
  }
  // The upper half of the word is about frame check sequences.
  return { linkType: word(20) & 0xffff, packets, cut: at !== file.length };
}
