import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { type Mac, parseMac } from '../../domain/mac.ts';

/** What tells the machine that this process runs on from all others. */
export interface ThisMachine {
  readonly macs: readonly Mac[];
  /** SMBIOS uuid, lower case; absent where it cannot be read, which takes root. */
  readonly uuid?: string;
}

/** Where the kernel shows the SMBIOS uuid (Documentation/ABI/testing/sysfs-firmware-dmi-tables, dmi/id). */
const uuidFile = '/sys/class/dmi/id/product_uuid';

/** Reads them; what cannot be read is left out, as then no guest can be told to be this machine by it. */
export async function thisMachine(): Promise<ThisMachine> {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const macs = all.flatMap(({ mac, internal }) => (internal ? [] : (parseMac(mac.toLowerCase()) ?? [])));
  const text = await readFile(uuidFile, 'utf8').catch(() => '');
  const uuid = text.trim().toLowerCase();
  return { macs: [...new Set(macs)], ...(/^[0-9a-f-]{36}$/.test(uuid) ? { uuid } : {}) };
}
