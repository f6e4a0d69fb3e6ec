import type { Cluster } from './cluster.ts';
import { type Identity, root } from './identity.ts';
import type { ApiRequest } from './message.ts';
import { refused } from './problem.ts';

/** How long a 401 takes: pve-http-server AnyEvent.pm `authenticate_and_handle_request`. */
const refusalDelayMs = 3000;

const tokenPattern = /^([^\s:/]+@[A-Za-z][A-Za-z0-9.\-_]+)!([A-Za-z][A-Za-z0-9.\-_]+)$/;

/**
 * Step 2: who asks. Throws 401 with an empty body, three seconds late. Only API tokens are known here:
 * no tickets. Source: pve-http-server Formatter.pm `extract_auth_value`; pve-access-control
 * AccessControl.pm `verify_token`; pve-manager HTTPServer.pm `auth_handler`.
 */
export async function authenticate(cluster: Cluster, request: ApiRequest): Promise<Identity> {
  if (request.local === true) return root;
  const header = /^PVEAPIToken[= ]([^;]*)/.exec(request.headers.authorization ?? '');
  const value = header?.[1];
  if (value === undefined) return refuse(cluster, 'No ticket');
  const credential = decodeURIComponentOrSame(value.trim());
  const at = credential.lastIndexOf('=');
  const token = cluster.tokens.find(({ id }) => id === credential.slice(0, Math.max(at, 0)));
  const name = tokenPattern.exec(token?.id ?? '');
  if (token === undefined || name === null || token.secret !== credential.slice(at + 1)) {
    return refuse(cluster, 'Authentication failed!');
  }
  const { poolOf } = cluster;
  return { user: name[1] ?? '', tokenId: name[2] ?? '', superuser: false, acl: token.acl, poolOf };
}

async function refuse(cluster: Cluster, reason: string): Promise<never> {
  await cluster.clock.sleep(refusalDelayMs);
  throw refused(401, reason);
}

function decodeURIComponentOrSame(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
