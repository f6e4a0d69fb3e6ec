import type { OperatingSystem } from '../../domain/guest-facts.ts';
import type { GuestProbe } from '../../domain/ports.ts';

/** Which system runs; `/usr/lib` is where os-release(5) is read where `/etc` has none. */
export const osProbe: GuestProbe<OperatingSystem> = {
  section: 'os',
  script: `
if [ -r /etc/os-release ]; then kf os.release /etc/os-release; else kf os.release /usr/lib/os-release; fi
kf os.machine-id /etc/machine-id
[ -d /run/systemd/system ] && kv os.systemd 1`,
  parse(values) {
    const release = readOsRelease(values.get('release') ?? '');
    const machineId = values.get('machine-id')?.trim() ?? '';
    return {
      id: release.get('ID') ?? '',
      name: release.get('PRETTY_NAME') ?? release.get('NAME') ?? '',
      machineId: /^[0-9a-f]{32}$/.test(machineId) ? machineId : '',
      systemd: values.get('systemd') === '1',
    };
  },
};

/** os-release(5): shell assignments without expansion; in double quotes a backslash shields one of four characters. */
export function readOsRelease(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([A-Z][A-Z0-9_]*)=(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"']*))\s*$/.exec(line);
    if (match === null) continue;
    const [, key, double, single, bare] = match;
    const value = single ?? (double ?? bare ?? '').replaceAll(/\\(["$`\\])/g, '$1');
    fields.set(key as string, value);
  }
  return fields;
}
