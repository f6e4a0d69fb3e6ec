import { type Address, parseIpv4 } from '../../domain/address.ts';
import { parseMac } from '../../domain/mac.ts';
import type { DhcpMessage } from '../../domain/wire.ts';
import { readOptions } from './dhcp-options.ts';

/** Option 53 (RFC 2132 section 9.6), from 1. */
const types = ['DISCOVER', 'OFFER', 'REQUEST', 'DECLINE', 'ACK', 'NAK', 'RELEASE', 'INFORM'] as const;

/** What stands before the options (RFC 2131 section 3). */
const magicCookie = '63825363';

const option = { hostName: 12, requestedAddress: 50, messageType: 53, clientId: 61, clientFqdn: 81 } as const;

/** RFC 4702 section 2.1: the name is in the canonical wire format. */
const encoded = 0x04;

/**
 * Reads a DHCPv4 message of an Ethernet client (RFC 2131). Undefined when the bytes are none, or lack a type.
 * Its texts are data: whatever bytes the sender chose are in them.
 */
export function parseDhcpMessage(message: Uint8Array, at: string): DhcpMessage | undefined {
  // Hardware type 1 with six bytes is Ethernet.
  if (message.length < 240 || message[1] !== 1 || message[2] !== 6) return undefined;
  if (hex(message.subarray(236, 240), '') !== magicCookie) return undefined;
  const mac = parseMac(hex(message.subarray(28, 34), ':'));
  const options = readOptions(message);
  const typeBytes = options?.get(option.messageType);
  const type = typeBytes?.length === 1 ? types[(typeBytes[0] as number) - 1] : undefined;
  if (mac === undefined || options === undefined || type === undefined) return undefined;

  const hostName = options.get(option.hostName);
  const clientFqdn = options.get(option.clientFqdn);
  const clientId = options.get(option.clientId);
  const fqdn = clientFqdn === undefined ? undefined : readFqdn(clientFqdn);
  const address =
    message[0] === 2
      ? readAddress(message.subarray(16, 20))
      : (readAddress(options.get(option.requestedAddress)) ?? readAddress(message.subarray(12, 16)));
  return {
    at,
    type,
    mac,
    ...(hostName === undefined ? {} : { hostName: readText(hostName) }),
    ...(fqdn === undefined ? {} : { fqdn, fqdnFlags: clientFqdn?.[0] as number }),
    ...(clientId === undefined ? {} : { clientId: hex(clientId, ':') }),
    ...(address === undefined ? {} : { address }),
  };
}

/** The name in option 81 behind its flags and two return codes (RFC 4702 section 2); undefined when these lack. */
function readFqdn(bytes: Uint8Array): string | undefined {
  if (bytes.length < 3) return undefined;
  const name = bytes.subarray(3);
  const labels = ((bytes[0] as number) & encoded) === 0 ? undefined : readLabels(name);
  return labels === undefined ? readText(name) : labels.join('.');
}

/** The labels of a name in wire format (RFC 1035 section 3.1), which may lack its last, empty one (RFC 4702). */
function readLabels(bytes: Uint8Array): string[] | undefined {
  const labels: string[] = [];
  let at = 0;
  while (at < bytes.length && bytes[at] !== 0) {
    const end = at + 1 + (bytes[at] as number);
    if ((bytes[at] as number) > 63 || end > bytes.length) return undefined;
    labels.push(readText(bytes.subarray(at + 1, end)));
    at = end;
  }
  return labels;
}

function readAddress(bytes: Uint8Array | undefined): Address | undefined {
  const text = bytes?.length === 4 ? bytes.join('.') : '0.0.0.0';
  return text === '0.0.0.0' ? undefined : parseIpv4(text);
}

function readText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}

function hex(bytes: Uint8Array, between: string): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(between);
}
