import type { NameRule, NetworkdState } from '../../domain/dhcp-client.ts';
import type { GuestProbe, ProbeValues } from '../../domain/ports.ts';
import { type NetworkText, readDhcpSettings } from './network-file.ts';
import { dropInsInForce, fileAtBoot, goneAtBoot } from './network-paths.ts';
import { clientIdOf, endOfLifetime, environment, splitPaths } from './runtime-files.ts';

/**
 * Reads networkd's own record of each link, the lease, and every file that the .network file in force is made
 * of or could be made of at the next boot. The end of the lease is the kernel's lifetime of the address: `networkctl`
 * shows no lease before systemd 254, and counts from a boot that a container does not see.
 */
export const networkdProbe: GuestProbe<NetworkdState | undefined> = {
  section: 'networkd',
  script: `
[ -d /run/systemd/netif/links ] || exit 0
timeout 10 systemctl -q is-active systemd-networkd.service 2>/dev/null || exit 0
kv networkd.clock "$(date +%s)"
kb networkd.version "$(timeout 10 networkctl --version 2>/dev/null | head -n 1)"
n=0
set -f
for d in $devices; do
  set +f
  i=$(cat "/sys/class/net/$d/ifindex" 2>/dev/null)
  l=/run/systemd/netif/links/\${i:-0}
  f=$(sed -n 's/^NETWORK_FILE=//p' "$l" 2>/dev/null)
  [ -n "$f" ] || continue
  n=$((n + 1)); k=networkd.$n
  kb $k.device "$d"
  kf $k.link "$l"
  kf $k.lease "/run/systemd/netif/leases/$i"
  kc $k.addresses ip -4 -o addr show dev "$d"
  m=0; o=0
  for r in /etc /run /usr/local/lib /usr/lib /lib; do
    [ "$r" = /lib ] && [ -L /lib ] && continue
    p=$r/systemd/network/\${f##*/}
    if [ -r "$p" ]; then m=$((m + 1)); kb $k.file.$m.path "$p"; kf $k.file.$m.text "$p"; fi
    for p in "$p".d/*.conf; do
      [ -r "$p" ] && [ $o -lt 64 ] || continue
      o=$((o + 1)); kb $k.dropin.$o.path "$p"; kf $k.dropin.$o.text "$p"
    done
  done
done`,
  parse(values) {
    for (let n = 1; values.has(`${n}.device`); n += 1) {
      const state = readLink(values, n);
      if (state !== undefined) return state;
    }
    return undefined;
  },
};

function readLink(values: ProbeValues, n: number): NetworkdState | undefined {
  const get = (key: string) => values.get(`${n}.${key}`) ?? '';
  const link = environment(get('link'));
  const lease = environment(get('lease'));
  const file = link.get('NETWORK_FILE') ?? '';
  const files = readTexts(values, `${n}.file`);
  const all = readTexts(values, `${n}.dropin`);
  const loaded = link.get('NETWORK_FILE_DROPINS');
  // networkd lists those that are masked as well.
  const read = loaded === undefined ? dropInsInForce(all) : named(all, splitPaths(loaded));
  const dropIns = read.filter(({ text }) => text !== '');
  const { enabled, rule } = readDhcpSettings([...named(files, [file]), ...dropIns]);
  const address = lease.get('ADDRESS');
  if (!enabled && address === undefined) return undefined;
  return {
    kind: 'networkd',
    version: /^systemd (\S+)/.exec(values.get('version') ?? '')?.[1] ?? '',
    device: get('device'),
    activated: address !== undefined,
    acknowledgedName: lease.get('HOSTNAME'),
    leaseExpiresAt: endOfLifetime(get('addresses'), address, values.get('clock')),
    clientId: clientIdOf(lease.get('CLIENTID')),
    file,
    dropIns: dropIns.map(({ path }) => path),
    now: rule,
    nextBoot: ruleAtBoot(file, files, all),
  };
}

function ruleAtBoot(file: string, files: readonly NetworkText[], dropIns: readonly NetworkText[]): NameRule {
  const main = fileAtBoot(files);
  if (main === undefined) return { from: 'nothing', why: `${file} will not be there after a boot` };
  const lasting = dropIns.filter((each) => !goneAtBoot(each));
  return readDhcpSettings([main, ...dropInsInForce(lasting)]).rule;
}

function readTexts(values: ProbeValues, prefix: string): NetworkText[] {
  const texts: NetworkText[] = [];
  for (let index = 1; values.has(`${prefix}.${index}.path`); index += 1) {
    const path = values.get(`${prefix}.${index}.path`) ?? '';
    texts.push({ path, text: values.get(`${prefix}.${index}.text`) ?? '' });
  }
  return texts;
}

/** The texts with these paths, in the order of the paths. */
function named(texts: readonly NetworkText[], paths: readonly string[]): NetworkText[] {
  return paths.flatMap((path) => texts.find((each) => each.path === path) ?? []);
}
