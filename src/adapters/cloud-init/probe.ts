import type { CloudInitState } from '../../domain/guest-facts.ts';
import type { GuestProbe, Shell } from '../../domain/ports.ts';

/**
 * Reads what cloud-init wrote about its own run (`/run/cloud-init/status.json`, documented under "Boot
 * status"), and the name it was given. On a NixOS clone it ends with an error by design: `/etc/hostname`
 * cannot be written. So an error counts as finished.
 */
export const cloudInitProbe: GuestProbe<CloudInitState> = {
  section: 'ci',
  script: `
have cloud-init && kv ci.installed 1
[ -e /run/cloud-init/disabled ] && kv ci.disabled 1
kf ci.status /run/cloud-init/status.json
kf ci.result /run/cloud-init/result.json
if [ -r /var/lib/cloud/instance/user-data.txt ]; then
  kb ci.given "$(sed -n 's/^hostname:[[:space:]]*//p' /var/lib/cloud/instance/user-data.txt | head -n 1 | head -c 300)"
fi`,
  parse(values) {
    const given = values.get('given')?.replace(/^(["'])(.*)\1$/, '$2');
    return { ...progress(values), ...(given ? { givenName: given } : {}) };
  },
};

/** Waits inside the guest until cloud-init has finished, well or not, at most the given time. */
export async function waitForCloudInit(shell: Shell, seconds: number, signal: AbortSignal): Promise<void> {
  const script = `
PATH=$PATH:/run/current-system/sw/bin
command -v cloud-init >/dev/null 2>&1 || exit 0
left=$1
while [ "$left" -gt 0 ] && [ ! -e /run/cloud-init/result.json ] && [ ! -e /run/cloud-init/disabled ]; do
  left=$((left - 1)); sleep 1
done`;
  await shell.run(script, { args: [String(seconds)], timeoutMs: (seconds + 15) * 1000, signal });
}

function progress(values: ReadonlyMap<string, string>): CloudInitState {
  if (values.get('installed') !== '1') return { status: 'not-installed', errors: [] };
  if (values.get('disabled') === '1') return { status: 'disabled', errors: [] };
  const result = read(values.get('result'));
  const status = read(values.get('status'));
  if (result === undefined) return { status: status === undefined ? 'not-started' : 'running', errors: [] };
  const errors = [...strings(result.errors), ...stageErrors(status)];
  const unique = [...new Set(errors)];
  return { status: unique.length === 0 ? 'done' : 'error', errors: unique };
}

function stageErrors(status: Readonly<Record<string, unknown>> | undefined): string[] {
  return Object.values(status ?? {}).flatMap((stage) =>
    typeof stage === 'object' && stage !== null ? strings((stage as Record<string, unknown>).errors) : [],
  );
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

function read(json: string | undefined): Record<string, unknown> | undefined {
  if (json === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(json);
    const inner = (parsed as { v1?: unknown }).v1;
    return typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
