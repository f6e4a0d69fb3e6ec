import type { HostNames } from '../../domain/guest-facts.ts';
import type { GuestProbe } from '../../domain/ports.ts';

/**
 * Static and transient name. hostnamed is asked only where it runs: one that would be started for the question reads
 * the file anew, and holds no belief of its own. (busctl's get-property would start it all the same.) The file is
 * where hostnamed's environment says it is (systemd docs/ENVIRONMENT.md, SYSTEMD_ETC_HOSTNAME); NixOS 26.05 sets
 * that.
 */
export const hostNamesProbe: GuestProbe<HostNames> = {
  section: 'host',
  script: `
kb host.transient "$(uname -n)"
file=$(timeout 10 systemctl show systemd-hostnamed.service -p Environment --value 2>/dev/null | tr ' ' '\\n' | sed -n 's/^SYSTEMD_ETC_HOSTNAME=//p')
kf host.static "\${file:-/etc/hostname}"
have busctl && kc host.believed busctl --auto-start=no --json=short call org.freedesktop.hostname1 /org/freedesktop/hostname1 org.freedesktop.DBus.Properties Get ss org.freedesktop.hostname1 StaticHostname`,
  parse(values) {
    return {
      static: nameInFile(values.get('static') ?? ''),
      believedStatic:
        values.get('believed.rc') === '0' ? stringProperty(values.get('believed') ?? '') : undefined,
      transient: values.get('transient') ?? '',
    };
  },
};

/** The first line that is no comment (hostname(5)). */
function nameInFile(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.find((line) => line !== '' && !line.startsWith('#')) ?? '';
}

/** The string in busctl's JSON of a variant (`Get` of org.freedesktop.DBus.Properties). */
function stringProperty(json: string): string | undefined {
  try {
    const { data } = JSON.parse(json) as { data?: unknown };
    const [variant] = Array.isArray(data) ? (data as unknown[]) : [];
    const value = (variant as { data?: unknown } | undefined)?.data;
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
