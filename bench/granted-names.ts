import { parseDhcpMessage } from '../src/adapters/tcpdump/dhcp-message.ts';
import { readDatagram } from '../src/adapters/tcpdump/frame.ts';
import { readPcap } from '../src/adapters/tcpdump/pcap.ts';
import type { DhcpMessage } from '../src/domain/wire.ts';

/**
 * The names under which leases were granted in a capture, by MAC address, in their order: that of the server's ACK (option
 * 12, sent where the client asks for it), else that which the client said in the request before. No name is ''.
 */
export function grantedNames(file: Uint8Array): Map<string, string[]> {
  const granted = new Map<string, string[]>();
  const said = new Map<string, string>();
  for (const message of messagesIn(file)) {
    const { type, mac } = message;
    const name = nameIn(message);
    if (type === 'REQUEST') said.set(mac, name);
    if (type === 'ACK') granted.set(mac, [...(granted.get(mac) ?? []), name || (said.get(mac) ?? '')]);
  }
  return granted;
}

function messagesIn(file: Uint8Array): DhcpMessage[] {
  const packets = readPcap(file)?.packets ?? [];
  return packets.flatMap(({ bytes, at }) => {
    const datagram = readDatagram(bytes);
    return (datagram && parseDhcpMessage(datagram.payload, at)) ?? [];
  });
}

function nameIn({ hostName, fqdn }: DhcpMessage): string {
  return (hostName ?? fqdn ?? '').split('.')[0] ?? '';
}
