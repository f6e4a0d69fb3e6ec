/** A request as the façade judges it, free of sockets. */
export interface ApiRequest {
  readonly method: string;
  /** The raw request target, path and query: what the product's rights are matched against (M/Core/ACL.php). */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
}

/** An answer of the product, or of what stands in its way. */
export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The connection is cut: without an answer, or in the middle of its body. */
  readonly cut?: 'at-once' | 'half-way';
}

/** An answer with this body as JSON (opnsense/core L/Mvc/Response.php). */
export function json(body: unknown, status = 200): ApiResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    body: JSON.stringify(body),
  };
}

/** A module, controller or action that this release does not have, or a parameter too few (www/api.php). */
export const notFound: ApiResponse = json({ errorMessage: 'Endpoint not found' }, 404);

/** What PHP throws unforeseen (www/api.php). */
export const unexpected: ApiResponse = json({ errorMessage: 'Unexpected error, check log for details' }, 500);

/** A wrong verb, a missing root key or JSON that cannot be read: a failure with status 200 (ApiMutableModelControllerBase.php). */
export const failed: ApiResponse = json({ result: 'failed' });

/** PHP's array of these keys in JSON: an empty one is a list. */
export function phpMap(entries: readonly (readonly [string, unknown])[]): unknown {
  return entries.length === 0 ? [] : Object.fromEntries(entries);
}
