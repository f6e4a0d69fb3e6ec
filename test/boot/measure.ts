import { parseDhcpMessage } from '../../src/adapters/tcpdump/dhcp-message.ts';
import { readDatagram } from '../../src/adapters/tcpdump/frame.ts';
import { ethernet, readPcap } from '../../src/adapters/tcpdump/pcap.ts';
import { firstLabel, sameName } from '../../src/domain/name.ts';
import type { DhcpMessage } from '../../src/domain/wire.ts';

/** What the packets of one machine show. */
export interface Measured {
  /** DISCOVER, REQUEST and INFORM that were seen. */
  readonly packets: number;
  /** Those that bear another name than the expected one, and those without any where one is expected. */
  readonly wrongNamePackets: number;
  /** How long a lease stood that was granted on a request with a wrong name, until one with the right name, or the end. */
  readonly secondsUnderWrongName: number;
  /** The names in their order, each once in a row; `null` for packets without any. */
  readonly names: readonly (string | null)[];
}

/** Messages by which a client may name itself; it must not in DECLINE and RELEASE (RFC 2131 section 4.4.1, table 5). */
const naming = new Set(['DISCOVER', 'REQUEST', 'INFORM']);

/** The DHCP messages of a capture file that concern a MAC address; throws when the file is none, or was cut. */
export function messagesOf(file: Uint8Array, mac: string): DhcpMessage[] {
  const capture = readPcap(file);
  if (capture === undefined || capture.cut || capture.linkType !== ethernet)
    throw new Error('the capture file is not whole');
  return capture.packets.flatMap(({ at, bytes }) => {
    const datagram = readDatagram(bytes);
    const message = datagram && parseDhcpMessage(datagram.payload, at);
    return message?.mac === mac ? [message] : [];
  });
}

/** Measures the messages of one machine, observed until `endedAt` (ISO 8601), against the name that is expected. */
export function measure(
  messages: readonly DhcpMessage[],
  expected: string | undefined,
  endedAt: string,
): Measured {
  const own = messages.filter(({ type }) => naming.has(type));
  const names = own.map((each) => each.hostName ?? each.fqdn ?? null);
  return {
    packets: own.length,
    wrongNamePackets: own.filter((each) => isWrong(each, expected)).length,
    secondsUnderWrongName: secondsWrong(messages, expected, endedAt),
    names: names.filter((name, index) => index === 0 || name !== names[index - 1]),
  };
}

/** Whether a lease was granted on a request with another name than the expected one, or on one without. */
export function leasedWrongly(messages: readonly DhcpMessage[], expected: string | undefined): boolean {
  return messages.some((each, index) => {
    const asked = messages.slice(0, index).findLast(({ type }) => type === 'REQUEST');
    return each.type === 'ACK' && asked !== undefined && isWrong(asked, expected);
  });
}

function isWrong({ hostName, fqdn }: DhcpMessage, expected: string | undefined): boolean {
  const said = [hostName, fqdn].filter((name) => name !== undefined && name !== '');
  if (expected === undefined) return said.length > 0;
  return said.length === 0 || said.some((name) => !sameName(firstLabel(name), expected));
}

function secondsWrong(
  messages: readonly DhcpMessage[],
  expected: string | undefined,
  endedAt: string,
): number {
  let milliseconds = 0;
  let asked: DhcpMessage | undefined;
  let wrongSince: string | undefined;
  for (const message of messages) {
    if (message.type === 'REQUEST') asked = message;
    if (message.type !== 'ACK' || asked === undefined) continue;
    if (wrongSince !== undefined) milliseconds += Date.parse(message.at) - Date.parse(wrongSince);
    wrongSince = isWrong(asked, expected) ? message.at : undefined;
  }
  if (wrongSince !== undefined) milliseconds += Date.parse(endedAt) - Date.parse(wrongSince);
  return Math.round(milliseconds / 100) / 10;
}
