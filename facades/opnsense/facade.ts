import { randomUUID } from 'node:crypto';
import { keyOf, mayUse } from './access.ts';
import { posted } from './body.ts';
import type { Endpoint } from './call.ts';
import { dnsmasqEndpoints } from './dnsmasq.ts';
import { iscEndpoints } from './isc.ts';
import { keaEndpoints } from './kea.ts';
import { type ApiRequest, type ApiResponse, json, notFound } from './message.ts';
import { isSince } from './release.ts';
import { type Faults, noFaults, type OpnsenseState } from './state.ts';
import { systemEndpoints } from './system.ts';
import type { World } from './world.ts';

/** What an OPNsense is made of. */
export interface FacadeOptions {
  readonly state: OpnsenseState;
  readonly world: World;
  readonly faults?: Faults;
  /** In place of random ones. */
  readonly newUuid?: () => string;
}

/** An OPNsense without sockets. */
export interface Facade {
  readonly faults: Faults;
  /** What it was asked, such as `POST dnsmasq/service/reconfigure`. */
  readonly asked: readonly string[];
  handle(request: ApiRequest): Promise<ApiResponse>;
}

/** The web interface's login page, of which a browser would be told with status 200. */
const page: ApiResponse = {
  status: 200,
  headers: { 'content-type': 'text/html; charset=UTF-8' },
  body: '<!doctype html><html><body>Login</body></html>',
};

/** Starts from this state, which its requests change. */
export function createFacade(options: FacadeOptions): Facade {
  const { state, world, faults = noFaults(), newUuid = randomUUID } = options;
  const asked: string[] = [];

  async function handle(request: ApiRequest): Promise<ApiResponse> {
    const { path, query } = targetOf(request.target);
    const name = `${request.method} ${path.join('/').replace(/^api\//, '')}`;
    asked.push(name);
    const fault = faults.answers.get(name);
    if (fault === 'html') return page;
    if (fault === 'down') return { ...page, cut: 'at-once' };
    await faults.before.get(name)?.();
    const response = await judged(request, path, query);
    return fault === 'half' ? { ...response, cut: 'half-way' } : response;
  }

  /** In the product's order: route, parameters, key, right, body (www/api.php, C/Base/ApiControllerBase.php). */
  async function judged(
    request: ApiRequest,
    path: readonly string[],
    query: URLSearchParams,
  ): Promise<ApiResponse> {
    const { method, target, headers } = request;
    const [api, module = '', controller = '', action = '', ...parameters] = path;
    if (api !== 'api') return page;
    const endpoint = endpointOf(state, module, controller, action);
    if (endpoint === undefined || parameters.length < endpoint.needs) return notFound;
    const { authorization } = headers;
    // Status 401 is set, and PHP makes 302 of it with the header Location.
    if (authorization === undefined)
      return { status: 302, headers: { location: `/?url=${target}` }, body: '' };
    const key = keyOf(authorization, state.keys);
    if (key === undefined) return json({ status: 401, message: 'Authentication Failed' }, 401);
    if (!mayUse(key, target, state.release)) return json({ status: 403, message: 'Forbidden' }, 403);
    const fields = posted(request);
    if (fields === 'refused') return json({ status: 400, message: 'Invalid JSON syntax' }, 400);
    const readOnly = key.readOnly === true;
    return endpoint.answer({ state, world, method, parameters, posted: fields, query, readOnly, newUuid });
  }

  return { faults, asked, handle };
}

/** Empty parts of a path are dropped (L/Mvc/Router.php). */
function targetOf(target: string): { readonly path: readonly string[]; readonly query: URLSearchParams } {
  const [path = '', ...query] = target.split('?');
  return { path: path.split('/').filter((each) => each !== ''), query: new URLSearchParams(query.join('?')) };
}

/** Snake case and camel case both lead there, and PHP's method names know no case (L/Mvc/Router.php, Dispatcher.php). */
function endpointOf(
  { release, iscPlugin }: OpnsenseState,
  module: string,
  controller: string,
  action: string,
): Endpoint | undefined {
  const name = `${module}/${controller}/${action.replaceAll('_', '').toLowerCase()}`;
  const isc = !isSince(release, '26.1') || iscPlugin === true ? iscEndpoints : {};
  const all = { ...dnsmasqEndpoints, ...keaEndpoints, ...systemEndpoints, ...isc };
  const found = new Map(Object.entries(all)).get(name);
  return found?.since === undefined || isSince(release, found.since) ? found : undefined;
}
