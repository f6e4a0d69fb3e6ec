import type { CloudInitState } from '../../domain/guest-facts.ts';
import type { ProbeValues } from '../../domain/ports.ts';

/**
 * How far cloud-init got, by `/run/cloud-init/status.json` and `result.json` (its documentation, "Boot status"). On
 * a NixOS clone it ends with an error by design: `/etc/hostname` cannot be written. So an error counts as finished.
 */
export function progressOf(values: ProbeValues): Pick<CloudInitState, 'status' | 'errors'> {
  if (values.get('installed') !== '1') return { status: 'not-installed', errors: [] };
  const result = read(values.get('result'));
  const status = read(values.get('status'));
  const ran = result !== undefined || status !== undefined;
  if (values.get('disabled') === '1' || (!ran && switchedOff(values)))
    return { status: 'disabled', errors: [] };
  if (result === undefined) return { status: status === undefined ? 'not-started' : 'running', errors: [] };
  const errors = [...strings(result.errors), ...stageErrors(status)];
  const unique = [...new Set(errors)];
  return { status: unique.length === 0 ? 'done' : 'error', errors: unique };
}

/** The word on the kernel's command line counts before the file (cloud-init's systemd generator). */
function switchedOff(values: ProbeValues): boolean {
  const word = values.get('cmdline') ?? '';
  return word === 'disabled' || (word !== 'enabled' && values.get('off') === '1');
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
  try {
    const inner = (JSON.parse(json ?? '') as { v1?: unknown } | null)?.v1;
    return typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
