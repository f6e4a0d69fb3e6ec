/** What a disk holds that every copy of it would have in common. */
export interface TemplateLeftovers {
  /** Of /etc/machine-id; empty for none. */
  readonly machineId: string;
  /** Paths of private host keys. */
  readonly hostKeys: readonly string[];
  /** Paths of lease files that hold something. */
  readonly leases: readonly string[];
  /** Connection profiles that name a host. */
  readonly namingProfiles: readonly string[];
  /** Connection profiles that are for one MAC address. */
  readonly boundProfiles: readonly string[];
  /** Paths of DHCP unique identifiers (RFC 8415 section 11). */
  readonly duids: readonly string[];
  /** In /etc/hostname; empty for none. */
  readonly staticName: string;
}
