import { authenticate } from './authenticate.ts';
import type { Call } from './call.ts';
import { type Cluster, localNode, observeAll } from './cluster.ts';
import { findRoute, type Route } from './endpoints/route.ts';
import type { Identity } from './identity.ts';
import { type ApiRequest, type ApiResponse, dataResponse, errorResponse, type Format } from './message.ts';
import { MalformedJson, type ParsedRequest, parse } from './parse.ts';
import { checkPublished } from './permission.ts';
import { ApiProblem, badParameters, died, notImplemented, refused } from './problem.ts';
import { answersBare, majorOf } from './release.ts';
import type { Value } from './schema/schema.ts';
import { textOf, validate } from './schema/validate.ts';

/**
 * Judges a request in the product's order, which callers can tell: without rights garbage gets 403, not
 * 400; a missing VM gets 403 unless an ACL covers its path. Never rejects.
 * Source: pve-manager PVE/HTTPServer.pm `auth_handler`, `rest_handler`; pve-common RESTHandler.pm `handle`.
 */
export async function judge(cluster: Cluster, request: ApiRequest): Promise<ApiResponse> {
  const fault = cluster.faults.request?.({ method: request.method, target: request.target });
  if (fault?.delayMs !== undefined) await cluster.clock.sleep(fault.delayMs);
  if (fault?.drop === true) return { status: 0, reason: '', body: '', drop: true };
  if (fault?.answer !== undefined) return { ...fault.answer, body: '' };

  let format: Format = 'json';
  try {
    const parsed = parse(request); // 1: syntax and limits
    format = parsed.format;
    const identity = await authenticate(cluster, request); // 2
    const route = findRoute(parsed.method, parsed.path); // 3
    if (route === undefined) throw notImplemented(parsed.method, parsed.path);
    const parameters = withPathVariables(route, parsed.parameters); // 4
    refuseTokenWhereTicketIsNeeded(route, identity, parsed); // 5
    checkPublished(route.schema, identity, parameters, majorOf(cluster.state)); // 6: on raw parameters
    const node = reachNode(cluster, route, parameters); // 7
    const judged = validate(route.schema.parameters, parameters); // 8: all bad parameters at once
    if (Object.keys(judged.errors).length > 0) throw badParameters(judged.errors);
    return await answer(cluster, { route, identity, parsed, node, parameters: judged.parameters }); // 9 and 10
  } catch (error) {
    const bare = answersBare(cluster.state);
    if (error instanceof ApiProblem) return errorResponse(format, error, bare);
    if (error instanceof MalformedJson)
      return { status: 500, reason: error.message, contentType: 'text/plain', body: error.message };
    // Perl's die with whatever text: a fault of a handler or of the world behind it.
    return errorResponse(format, died(error instanceof Error ? error.message : String(error)), bare);
  }
}

function withPathVariables(
  route: Route,
  parameters: Readonly<Record<string, Value>>,
): Readonly<Record<string, Value>> {
  const errors: Record<string, string> = {};
  for (const [name, value] of Object.entries(route.variables)) {
    const given = parameters[name];
    if (given === undefined || given === null || textOf(given) === value) continue;
    errors[name] = 'duplicate parameter (already defined in URI) with conflicting values!';
  }
  if (Object.keys(errors).length > 0) throw badParameters(errors);
  return { ...parameters, ...route.variables };
}

function refuseTokenWhereTicketIsNeeded(route: Route, identity: Identity, parsed: ParsedRequest): void {
  if (identity.tokenId === undefined || route.schema.allowtoken !== 0) return;
  throw new ApiProblem(403, `URI '${parsed.path}' not available with API token, need proper ticket.\n`);
}

/** Source: pve-cluster Cluster.pm `remote_node_ip`; pve-http-server AnyEvent.pm `proxy_request`. */
function reachNode(cluster: Cluster, route: Route, parameters: Readonly<Record<string, Value>>): string {
  if (route.schema.proxyto === undefined) return localNode(cluster);
  const name = textOf(parameters[route.schema.proxyto] ?? '');
  if (name === 'localhost') return localNode(cluster);
  const node = cluster.state.nodes.find((candidate) => candidate.name === name);
  if (node?.online === false) throw refused(595, 'No route to host');
  if (node !== undefined) return name;
  if (!/^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$/.test(name) && !name.includes('.')) return name;
  if (cluster.state.nodes.some((candidate) => candidate.aliases?.includes(name))) {
    throw refused(596, 'tls_process_server_certificate: certificate verify failed');
  }
  const reason = `failed to get address info for: ${name}: Name or service not known`;
  throw died(`hostname lookup '${name}' failed - ${reason}`);
}

interface Judged {
  readonly route: Route;
  readonly identity: Identity;
  readonly parsed: ParsedRequest;
  readonly node: string;
  readonly parameters: Readonly<Record<string, Value>>;
}

async function answer(cluster: Cluster, judged: Judged): Promise<ApiResponse> {
  const { route, identity, parsed, node, parameters } = judged;
  let total: number | undefined;
  const setTotal = (count: number) => {
    total = count;
  };
  observeAll(cluster);
  const call: Call = {
    cluster,
    identity,
    parameters,
    node,
    method: parsed.method,
    path: parsed.path,
    setTotal,
  };
  const data = await route.endpoint(call);
  observeAll(cluster);
  return dataResponse(parsed.format, data, total);
}
