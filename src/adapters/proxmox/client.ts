import { SourceError } from '../../domain/error.ts';
import { shown } from '../../lib/shown.ts';

/** The name under which errors of this adapter speak. */
export const proxmox = 'Proxmox VE';

/** A parameter; an array is sent as a repeated one. */
export type ApiParameter = string | number | readonly string[];

/** One call of the product's API. */
export interface ApiCall {
  /** Parts of the path below `/api2/json`, such as `['nodes', 'pve1', 'qemu', 100, 'config']`. */
  readonly path: readonly (string | number)[];
  readonly params?: Readonly<Record<string, ApiParameter>>;
  /**
   * How long the task may take that it starts, in milliseconds; it matters where a call ends with its task. Absent: no longer
   * than another call.
   */
  readonly taskMs?: number;
  readonly signal: AbortSignal;
}

/**
 * The product's API over whatever carries it. Answers with the `data` of the product's answer, not
 * yet validated. Throws `SourceError`: `permission-refused`, `authentication-refused`,
 * `unreachable`, `timeout`, `tls-untrusted`, `unsupported` (no such method), `bad-response`,
 * `cancelled`, `program-missing`, and `command-failed` for all that the product itself refuses;
 * the product marks its refusals by text only, so nothing finer is told here.
 */
export interface ProxmoxApi {
  /** True for root@pam itself, from whom no list hides anything; false for any token, root's too. */
  readonly isRoot: boolean;
  get(call: ApiCall): Promise<unknown>;
  post(call: ApiCall): Promise<unknown>;
  put(call: ApiCall): Promise<unknown>;
  delete(call: ApiCall): Promise<unknown>;
}

/**
 * Every character that a part of a path may hold: node names (`pve-node`), numbers, method names
 * and UPIDs, whose user part may hold nearly anything but blanks, colons and slashes
 * (pve-common PVE/UPID.pm, pve-access-control PVE/Auth/Plugin.pm).
 */
const part = /^[A-Za-z0-9][^\s/?#%\p{Cc}]*$/u;

/** The parts as text; throws `bad-response` for a part that would change the path. */
export function checkedParts(path: ApiCall['path']): string[] {
  const parts = path.map(String);
  const illegal = parts.find((text) => !part.test(text));
  if (illegal === undefined) return parts;
  throw new SourceError('bad-response', proxmox, `'${shown(illegal)}' can be no part of an API path`);
}

/** Parameters as name and value, arrays spread. */
export function fieldsOf(params: ApiCall['params']): [string, string][] {
  return Object.entries(params ?? {}).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((item): [string, string] => [name, String(item)]),
  );
}
