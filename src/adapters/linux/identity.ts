import type { MachineIdentity } from '../../domain/guest-facts.ts';
import { type Mac, parseMac } from '../../domain/mac.ts';
import type { GuestProbe } from '../../domain/ports.ts';
import { smbiosUuid } from './smbios.ts';

/**
 * Who the machine is. The firmware's table is asked before sysfs's digest of it: both are there on a machine
 * with DMI, and a container shows its host's digest. Both are for root only.
 */
export const identityProbe: GuestProbe<MachineIdentity> = {
  section: 'id',
  script: `
n=0
for p in /sys/class/net/*/address; do n=$((n + 1)); kf id.mac.$n "$p"; done
if [ -r /sys/firmware/dmi/tables/DMI ]; then printf 'id.dmi=%s\\n' "$(head -c 65536 /sys/firmware/dmi/tables/DMI | b64)"; fi
kf id.uuid /sys/class/dmi/id/product_uuid
kf id.boot /proc/sys/kernel/random/boot_id
kv id.clock "$(date -u +%s)"`,
  parse(values) {
    const macs = [...values].filter(([key]) => key.startsWith('mac.')).map(([, text]) => parseMac(text));
    const table = values.get('dmi');
    const uuid =
      (table && smbiosUuid(Buffer.from(table, 'base64'))) || values.get('uuid')?.trim().toLowerCase();
    return {
      macs: macs.filter((mac): mac is Mac => mac !== undefined),
      ...(uuid ? { uuid } : {}),
      bootId: values.get('boot')?.trim() ?? '',
      clock: new Date(Number(values.get('clock')) * 1000).toISOString(),
    };
  },
};
