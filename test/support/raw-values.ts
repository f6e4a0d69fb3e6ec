import type { ProbeValues } from '../../src/domain/ports.ts';

/** What a probe's script printed, as its `parse` gets it: keys without the section, base64 undone. */
export function rawValues(values: Readonly<Record<string, string | number>>): ProbeValues {
  return new Map(Object.entries(values).map(([key, value]) => [key, String(value)]));
}
