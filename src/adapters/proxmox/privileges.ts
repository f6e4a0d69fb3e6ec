import { SourceError } from '../../domain/error.ts';
import { shown } from '../../lib/shown.ts';
import type { ProxmoxApi } from './client.ts';
import { read } from './read.ts';
import { permissionsSchema } from './schema.ts';

/** A right that a call needs: one of the privileges on one of the paths. */
export interface Need {
  readonly privileges: readonly string[];
  readonly paths: readonly string[];
}

/**
 * The error itself; for a refusal for want of rights, the same with each need that is not met named in its hint. The product
 * names none where one of several would do, and of several that are missing only the first (pve-access-control
 * PVE/RPCEnvironment.pm, `check_full`). Which needs there are is asked for only then.
 */
export async function withMissing(
  api: ProxmoxApi,
  error: unknown,
  needs: () => Promise<readonly Need[]>,
  signal: AbortSignal,
): Promise<unknown> {
  if (!(error instanceof SourceError) || error.code !== 'permission-refused' || api.isRoot) return error;
  const missing = await missingOf(api, needs, signal).catch(() => []);
  if (missing.length === 0) return error;
  const list = missing.map(({ privileges, paths }) => `${privileges.join(' or ')} on ${paths.join(' or ')}`);
  return new SourceError(error.code, error.source, error.message, {
    hint: `Missing: ${list.map(shown).join('; ')}. Grant it to the token, and to its user.`,
    cause: error,
    ...(error.where === undefined ? {} : { where: error.where }),
  });
}

async function missingOf(
  api: ProxmoxApi,
  needs: () => Promise<readonly Need[]>,
  signal: AbortSignal,
): Promise<Need[]> {
  const granted = new Map<string, ReadonlySet<string>>();
  const missing: Need[] = [];
  for (const need of await needs()) {
    for (const path of need.paths) {
      if (!granted.has(path)) granted.set(path, await grantedOn(api, path, signal));
    }
    const met = need.paths.some((path) => need.privileges.some((each) => granted.get(path)?.has(each)));
    if (!met) missing.push(need);
  }
  return missing;
}

/** What the token may do there in the end, by all roles together. */
async function grantedOn(api: ProxmoxApi, path: string, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const answer = await api.get({ path: ['access', 'permissions'], params: { path }, signal });
  return new Set(Object.keys(read(permissionsSchema, answer, 'the list of permissions')[path] ?? {}));
}
