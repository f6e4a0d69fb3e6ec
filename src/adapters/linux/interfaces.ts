import { parseIpv4 } from '../../domain/address.ts';
import type { GuestInterface } from '../../domain/guest-facts.ts';
import { parseMac } from '../../domain/mac.ts';
import type { GuestProbe } from '../../domain/ports.ts';

/** The devices that bear the MAC address and those above them, with what the kernel holds for each. */
export const interfacesProbe: GuestProbe<readonly GuestInterface[]> = {
  section: 'if',
  script: `
set -f
n=0
for d in $devices; do
  n=$((n + 1)); k=if.$n
  kb $k.device "$d"
  kf $k.mac "/sys/class/net/$d/address"
  set +f
  above=
  for u in "/sys/class/net/$d"/upper_*; do [ -e "$u" ] && above="$above \${u##*/upper_}"; done
  set -f
  kb $k.above "$above"
  kb $k.v4 "$(ip -4 -o addr show dev "$d" 2>/dev/null | head -c 16384)"
  kb $k.v6 "$(ip -6 -o addr show dev "$d" 2>/dev/null | head -c 16384)"
done`,
  parse(values) {
    const found: GuestInterface[] = [];
    for (let n = 1; values.has(`${n}.device`); n += 1) {
      const get = (key: string) => values.get(`${n}.${key}`) ?? '';
      const mac = parseMac(get('mac'));
      found.push({
        device: get('device'),
        ...(mac === undefined ? {} : { mac }),
        above: get('above').split(' ').filter(Boolean),
        addresses: readIpv4(get('v4')),
        ipv6: readIpv6(get('v6')),
      });
    }
    return found;
  },
};

/**
 * Lines of `ip -4 -o addr show`: `5: eth0    inet 10.0.0.7/24 brd 10.0.0.255 scope global dynamic eth0\ …`. The
 * flag `dynamic` says that the kernel holds a lifetime (ip-address(8)). The last word is the address's label, which
 * anybody may choose; the flags stand between it and the scope.
 */
function readIpv4(text: string): GuestInterface['addresses'] {
  return text.split('\n').flatMap((line) => {
    const words = (line.split('\\')[0] ?? '').trim().split(/\s+/);
    const address = parseIpv4(words[words.indexOf('inet', 2) + 1]?.split('/')[0] ?? '');
    const flags = words.slice(words.indexOf('scope') + 2, -1);
    return address === undefined ? [] : [{ address, dynamic: flags.includes('dynamic') }];
  });
}

/** The same for IPv6, which has no labels; link-local addresses (RFC 4291 section 2.5.6) are left out. */
function readIpv6(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const address = /^\d+:\s+\S+\s+inet6 ([0-9a-f:.]{2,45})[/ ]/.exec(line)?.[1];
    return address === undefined || /^fe[89ab]/.test(address) ? [] : [address];
  });
}
