import type { Address } from './address.ts';
import type { Mac } from './mac.ts';

/** A DHCPv4 message as it was on the wire (RFC 2131, RFC 2132). */
export interface DhcpMessage {
  /** ISO 8601, UTC, by the clock of the machine that captured. */
  readonly at: string;
  readonly type: 'DISCOVER' | 'OFFER' | 'REQUEST' | 'DECLINE' | 'ACK' | 'NAK' | 'RELEASE' | 'INFORM';
  /** `chaddr`. */
  readonly mac: Mac;
  /** Option 12, bytes as latin1 where they are no UTF-8; absent when the message has none. */
  readonly hostName?: string;
  /** The name in option 81 (RFC 4702); absent when the message has none. */
  readonly fqdn?: string;
  /** The flags of option 81 (RFC 4702 section 2.1); absent when the message has none. */
  readonly fqdnFlags?: number;
  /** Option 61, lower-case hexadecimal with colons. */
  readonly clientId?: string;
  /** `yiaddr` of an answer, else option 50 or `ciaddr` of a request. */
  readonly address?: Address;
}

/** What a bounded capture of one NIC's DHCP packets showed. */
export interface WireCapture {
  /** The port of the NIC at the node: `tap610i0`. */
  readonly port: string;
  readonly seconds: number;
  readonly messages: readonly DhcpMessage[];
  /** Packets that were no readable DHCP message. */
  readonly unreadable: number;
}
