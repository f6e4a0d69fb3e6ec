import type { HostNames } from '../../domain/guest-facts.ts';
import type { GuestProbe, Shell } from '../../domain/ports.ts';

/**
 * Static and transient name. hostnamed is asked too, with a bound: it is started on demand, and a client that
 * asked it earlier may hold what it said then. The file is where hostnamed's environment says it is
 * (systemd docs/ENVIRONMENT.md, SYSTEMD_ETC_HOSTNAME); NixOS 26.05 sets that.
 */
export const hostNamesProbe: GuestProbe<HostNames> = {
  section: 'host',
  script: `
kb host.transient "$(uname -n)"
file=$(systemctl show systemd-hostnamed.service -p Environment --value 2>/dev/null | tr ' ' '\\n' | sed -n 's/^SYSTEMD_ETC_HOSTNAME=//p')
kf host.static "\${file:-/etc/hostname}"
have busctl && kc host.believed busctl --json=short get-property org.freedesktop.hostname1 /org/freedesktop/hostname1 org.freedesktop.hostname1 StaticHostname`,
  parse(values) {
    return {
      static: values.get('static')?.trim() ?? '',
      believedStatic:
        values.get('believed.rc') === '0' ? stringProperty(values.get('believed') ?? '') : undefined,
      transient: values.get('transient') ?? '',
    };
  },
};

/** Sets the kernel's name; the static one stays as it is. Whether it took is read back, as everything is. */
export async function setTransientName(shell: Shell, name: string, signal: AbortSignal): Promise<void> {
  const script = `printf '%s' "$1" >/proc/sys/kernel/hostname`;
  await shell.run(script, { args: [name], root: true, timeoutMs: 10_000, signal });
}

function stringProperty(json: string): string | undefined {
  try {
    const { data } = JSON.parse(json) as { data?: unknown };
    return typeof data === 'string' ? data : undefined;
  } catch {
    return undefined;
  }
}
