import { type Call, text } from '../call.ts';
import { fullName } from '../identity.ts';
import { privilegesOn } from '../permission.ts';
import { ApiProblem } from '../problem.ts';

// pve-access-control RPCEnvironment.pm `get_effective_permissions`
const wellKnownPaths = ['/', '/access', '/access/groups', '/nodes', '/pool', '/sdn', '/storage', '/vms'];

/** GET /access/permissions: path → privilege → 1 (propagates), paths without any left out. */
export function permissions(call: Call): unknown {
  const { identity } = call;
  const user = text(call, 'userid');
  if (user !== undefined && user !== fullName(identity) && !identity.superuser) {
    throw new ApiProblem(403, 'Permission check failed (/access, Sys.Audit)\n');
  }
  const path = text(call, 'path');
  const paths =
    path === undefined ? new Set([...wellKnownPaths, ...identity.acl.map((entry) => entry.path)]) : [path];
  const result: Record<string, Record<string, number>> = {};
  for (const each of paths) {
    const privileges = [...privilegesOn(identity, each)];
    if (privileges.length > 0)
      result[each] = Object.fromEntries(privileges.map((privilege) => [privilege, 1]));
  }
  return result;
}
