/** What the product writes for its Dnsmasq when it starts it. */
export interface Rendered {
  /** Lines of dnsmasq.conf that come from host entries. */
  readonly directives: readonly string[];
  /** The whole of /var/etc/dnsmasq-hosts. */
  readonly hosts: string;
}

/** The Dnsmasq behind the API: a real one in the lab, values in memory elsewhere. */
export interface World {
  /** Stops it and starts it with these; resolves whether or not it started, as the product's script does. Leases survive. */
  apply(rendered: Rendered): Promise<void>;
  /** Whether its process is there. */
  running(): Promise<boolean>;
  /** Its lease file as it is: one lease a line, of five words. */
  leaseFile(): Promise<string>;
}
