/**
 * The smallest privilege that opens each part of the API, by the beginning of its path, as the product names it (opnsense/core,
 * `ACL/ACL.xml` of each model).
 */
const privileges: readonly (readonly [path: string, name: string, shown: string])[] = [
  ['dnsmasq/', 'page-services-dnsforwarder', 'Services: Dnsmasq DNS/DHCP: Settings'],
  ['kea/', 'page-dhcp-kea-v4', 'Services: DHCP: Kea(v4)'],
  ['dhcpv4/', 'page-services-dhcpserver', 'Services: DHCP: Server'],
  ['unbound/', 'page-services-unbound', 'Services: Unbound'],
  ['diagnostics/system/', 'page-system-login-logout', 'Lobby: Dashboard'],
];

/** The privilege without which this path is refused, for people; says so where none is known. */
export function privilegeFor(path: readonly string[]): string {
  const asked = `${path.join('/')}/`;
  const found = privileges.find(([beginning]) => asked.startsWith(beginning));
  return found === undefined ? `for api/${path.join('/')}` : `${found[1]} (${found[2]})`;
}
