import { parseDhcpMessage } from '../src/adapters/tcpdump/dhcp-message.ts';
import { readDatagram } from '../src/adapters/tcpdump/frame.ts';
import { readPcap } from '../src/adapters/tcpdump/pcap.ts';

/**
 * The names under which leases were granted in a capture, by MAC address, in their order: that of the server's ACK (option
 * 12, sent where the client asks for it), else that which the client said in the request before. No name is ''.
 */
export function grantedNames(file: Uint8Array): Map<string, string[]> {
  const granted = new Map<string, string[]>();
  const said = new Map<string, string>();
  const seen = new Set<string>();
  for (const { bytes, at } of readPcap(file)?.packets ?? []) {
    const datagram = readDatagram(bytes);
    const message = datagram === undefined ? undefined : parseDhcpMessage(datagram.payload, at);
    if (message === undefined) continue;
    const { type, mac, hostName, fqdn } = message;
    const name = (hostName ?? fqdn ?? '').split('.')[0] ?? '';
    if (type === 'REQUEST') said.set(mac, name);
    // On a bridge a packet may be seen twice.
    if (type !== 'ACK' || seen.has(`${mac} ${at}`)) continue;
    seen.add(`${mac} ${at}`);
    granted.set(mac, [...(granted.get(mac) ?? []), name === '' ? (said.get(mac) ?? '') : name]);
  }
  return granted;
}
