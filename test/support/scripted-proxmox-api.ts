import type { ApiCall, ApiParameter, ProxmoxApi } from '../../src/adapters/proxmox/client.ts';

/** An answer of the script: data as the product gives it, an error that the call ends with, or what makes either. */
export type ScriptedAnswer = unknown;

/** A Proxmox VE API that answers from a script and keeps what it was asked. */
export interface ScriptedApi extends ProxmoxApi {
  readonly asked: readonly string[];
  readonly params: readonly Readonly<Record<string, ApiParameter>>[];
}

/**
 * Answers per `METHOD /path` in the order given; the last answer of a list is given again and
 * again. An error is thrown, and a call that is not in the script fails the test.
 */
export function scriptedApi(script: Readonly<Record<string, readonly ScriptedAnswer[]>>): ScriptedApi {
  const asked: string[] = [];
  const params: Readonly<Record<string, ApiParameter>>[] = [];
  const given = new Map<string, number>();

  function answer(method: string, call: ApiCall): Promise<unknown> {
    const key = `${method} /${call.path.join('/')}`;
    asked.push(key);
    params.push(call.params ?? {});
    const answers = script[key];
    if (answers === undefined) return Promise.reject(new Error(`not in the script: ${key}`));
    const count = given.get(key) ?? 0;
    given.set(key, count + 1);
    const next = answers[Math.min(count, answers.length - 1)];
    if (typeof next === 'function') return next(call) as Promise<unknown>;
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  }

  return {
    isRoot: false,
    asked,
    params,
    get: (call) => answer('GET', call),
    post: (call) => answer('POST', call),
    put: (call) => answer('PUT', call),
    delete: (call) => answer('DELETE', call),
  };
}
