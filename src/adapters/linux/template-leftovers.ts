import type { GuestProbe, ProbeValues } from '../../domain/ports.ts';
import type { TemplateLeftovers } from '../../domain/template-leftovers.ts';

/**
 * What lies on the disk, and nothing of what runs: a machine that is cleaned before it becomes a template runs still. The
 * environment may name another root, as of a mounted disk. machine-id(5): empty, or `uninitialized`, is made anew at the next
 * boot. DUIDs: dhcpcd(8) keeps `duid`, systemd-networkd one that networkd.conf(5) gives as `DUIDRawData=`.
 */
export const templateLeftoversProbe: GuestProbe<TemplateLeftovers> = {
  section: 'left',
  script: `
root=\${TRUENAME_ROOT-}
kf left.machine-id "$root/etc/machine-id"
kf left.hostname "$root/etc/hostname"
found() { left_key=$1; shift; left_all=; for left_file in "$@"; do [ -s "$left_file" ] && left_all="$left_all\${left_file#"$root"}
"; done; kb "$left_key" "$left_all"; }
found left.host-keys "$root"/etc/ssh/ssh_host_*_key
found left.leases "$root"/var/lib/dhcp/*.lease* "$root"/var/lib/dhcpcd/*.lease* "$root"/var/lib/NetworkManager/*.lease
found left.duids "$root"/var/lib/dhcpcd/duid "$root"/etc/dhcpcd.duid $(grep -lsE '^[[:space:]]*DUIDRawData=' "$root/etc/systemd/networkd.conf" "$root"/etc/systemd/networkd.conf.d/*.conf)
set -- "$root"/etc/NetworkManager/system-connections/*
kb left.naming "$(grep -lsE '^[[:space:]]*dhcp-hostname[[:space:]]*=[[:space:]]*[^[:space:]]' "$@" | sed "s|^$root||")"
kb left.bound "$(grep -lsE '^[[:space:]]*mac-address[[:space:]]*=[[:space:]]*[^[:space:]]' "$@" | sed "s|^$root||")"
kv left.end 1`,
  parse(values) {
    if (values.get('end') !== '1') throw new Error('it was not looked through to the end');
    const machineId = (values.get('machine-id') ?? '').trim();
    return {
      machineId: machineId === 'uninitialized' ? '' : machineId,
      hostKeys: linesOf(values, 'host-keys'),
      leases: linesOf(values, 'leases'),
      namingProfiles: linesOf(values, 'naming'),
      boundProfiles: linesOf(values, 'bound'),
      duids: linesOf(values, 'duids'),
      staticName: linesOf(values, 'hostname').find((line) => !line.startsWith('#')) ?? '',
    };
  },
};

function linesOf(values: ProbeValues, key: string): string[] {
  return (values.get(key) ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, 64);
}
