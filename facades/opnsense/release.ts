/** The releases from 25.1.6, the first whose Dnsmasq hands out leases, as `25.1.6`. */
export type Release = `${number}.${number}` | `${number}.${number}.${number}`;

/** True for a release that is `since`, or came after it. */
export function isSince(release: Release, since: Release): boolean {
  const [left, right] = [partsOf(release), partsOf(since)];
  const differs = left.findIndex((part, index) => part !== right[index]);
  return differs < 0 || (left[differs] ?? 0) > (right[differs] ?? 0);
}

function partsOf(release: Release): number[] {
  const [year = '0', month = '0', update = '0'] = release.split('.');
  return [year, month, update].map(Number);
}
