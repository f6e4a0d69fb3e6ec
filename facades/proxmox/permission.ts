import type { Identity } from './identity.ts';
import { ApiProblem } from './problem.ts';
import { beforeGuestAgentPrivileges } from './release.ts';
import type { MethodSchema, PermissionCheck, Value } from './schema/schema.ts';
import { textOf } from './schema/validate.ts';

/**
 * The privileges of `identity` on `path`: those of the deepest entry at or above it, since an entry on a
 * path replaces what would come from above; on a guest those on its pool too.
 * Source: pve-access-control RPCEnvironment.pm `permissions`.
 */
export function privilegesOn(identity: Identity, path: string): ReadonlySet<string> {
  const own = privilegesOfPath(identity, path);
  const vmid = /^\/vms\/(\d+)$/.exec(path)?.[1];
  const pool = vmid === undefined ? undefined : identity.poolOf?.get(Number(vmid));
  return pool === undefined ? own : own.union(privilegesOfPath(identity, `/pool/${pool}`));
}

function privilegesOfPath(identity: Identity, path: string): Set<string> {
  let deepest = -1;
  let privileges = new Set<string>();
  for (const entry of identity.acl) {
    const covers = entry.path === '/' || entry.path === path || path.startsWith(`${entry.path}/`);
    if (!covers || entry.path.length < deepest) continue;
    privileges =
      entry.path.length === deepest ? privileges.union(new Set(entry.privileges)) : new Set(entry.privileges);
    deepest = entry.path.length;
  }
  return privileges;
}

/** Whether `identity` has all (or, with `any`, one) of `wanted` on `path`. */
export function may(identity: Identity, path: string, wanted: readonly string[], any = false): boolean {
  if (identity.superuser) return true;
  const has = privilegesOn(identity, path);
  return any
    ? wanted.some((privilege) => has.has(privilege))
    : wanted.every((privilege) => has.has(privilege));
}

/** Throws the product's 403 unless {@link may}. */
export function demand(identity: Identity, path: string, wanted: readonly string[], any = false): void {
  if (may(identity, path, wanted, any)) return;
  const firstMissing = wanted.find((privilege) => !may(identity, path, [privilege]));
  throw new ApiProblem(403, `Permission check failed (${path}, ${any ? wanted.join('|') : firstMissing})\n`);
}

/**
 * Step 6: the check that the schema publishes, on raw parameters that nobody has validated yet. `major` is
 * the release that answers; the schema is that of 9.
 * Source: pve-access-control RPCEnvironment.pm `exec_api2_perm_check`, `check_api2_permissions`.
 */
export function checkPublished(
  schema: MethodSchema,
  identity: Identity,
  parameters: Readonly<Record<string, Value>>,
  major: number,
): void {
  if (identity.superuser || schema.permissions?.user !== undefined) return;
  const check = schema.permissions?.check;
  if (check === undefined) throw new ApiProblem(403, 'Permission check failed\n');
  evaluate(major < 9 ? beforeGuestAgentPrivileges(check) : check, identity, parameters);
}

function evaluate(
  check: PermissionCheck,
  identity: Identity,
  parameters: Readonly<Record<string, Value>>,
): void {
  const [kind, ...rest] = check;
  const subchecks = rest as readonly PermissionCheck[];
  if (kind === 'perm') evaluatePerm(rest, identity, parameters);
  else if (kind === 'and') for (const subcheck of subchecks) evaluate(subcheck, identity, parameters);
  else if (kind !== 'or' || !subchecks.some((subcheck) => passes(subcheck, identity, parameters))) {
    throw new ApiProblem(403, 'Permission check failed\n');
  }
}

function passes(
  check: PermissionCheck,
  identity: Identity,
  parameters: Readonly<Record<string, Value>>,
): boolean {
  try {
    evaluate(check, identity, parameters);
    return true;
  } catch (error) {
    if (error instanceof ApiProblem) return false;
    throw error;
  }
}

function evaluatePerm(
  [template, privileges, ...options]: readonly unknown[],
  identity: Identity,
  parameters: Readonly<Record<string, Value>>,
): void {
  const required = options.indexOf('require_param');
  if (required >= 0 && parameters[String(options[required + 1])] === undefined) {
    throw new ApiProblem(403, 'Permission check failed\n');
  }
  demand(
    identity,
    fill(String(template), parameters),
    privileges as readonly string[],
    options.includes('any'),
  );
}

/** A path variable that was not sent becomes `-`. Source: pve-common Tools.pm `template_replace`. */
function fill(template: string, parameters: Readonly<Record<string, Value>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (_all, name: string) => textOf(parameters[name] ?? '-'));
}
