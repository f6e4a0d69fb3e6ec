import type { Endpoint } from '../call.ts';
import { type MethodSchema, methodSchema } from '../schema/schema.ts';
import { endpoints } from './registry.ts';

/** What answers a request, and the variables of its path. */
export interface Route {
  readonly endpoint: Endpoint;
  readonly schema: MethodSchema;
  readonly variables: Readonly<Record<string, string>>;
}

interface Entry {
  readonly method: string;
  readonly segments: readonly string[];
  readonly endpoint: Endpoint;
  readonly schema: MethodSchema;
}

const entries = Object.entries(endpoints).map(([key, endpoint]): Entry => {
  const [method = '', path = ''] = key.split(' ');
  const schema = methodSchema(method, path);
  if (schema === undefined) throw new Error(`no schema for ${key}`);
  return { method, segments: path.split('/'), endpoint, schema };
});

/** Step 3; undefined when nothing answers there. `path` starts with a slash and has no empty segments. */
export function findRoute(method: string, path: string): Route | undefined {
  const given = path.split('/');
  for (const { method: served, segments, endpoint, schema } of entries) {
    if (served !== method || segments.length !== given.length) continue;
    const variables = match(segments, given);
    if (variables !== undefined) return { endpoint, schema, variables };
  }
  return undefined;
}

function match(segments: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  const variables: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const value = given[index] ?? '';
    if (segment.startsWith('{')) variables[segment.slice(1, -1)] = value;
    else if (segment !== value) return undefined;
  }
  return variables;
}
