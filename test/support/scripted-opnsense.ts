import { createOpnsenseApi, type OpnsenseApi } from '../../src/adapters/opnsense/api.ts';
import type { HttpRequest, HttpResponse } from '../../src/lib/http.ts';
import { HttpError } from '../../src/lib/http-error.ts';

/** An answer of the script: a body as the product gives it with status 200, a whole response, or what keeps it from coming. */
export type ScriptedResponse = HttpResponse | HttpError | { readonly body: unknown };

/** What answers a request; undefined where it is not in the script. */
export type ScriptedAnswers = (
  key: string,
  request: HttpRequest,
) => ScriptedResponse | undefined | Promise<ScriptedResponse | undefined>;

/** An OPNsense whose HTTP server is a script; `asked` is what it was asked, such as `POST /dnsmasq/service/reconfigure`. */
export interface ScriptedOpnsense {
  readonly api: OpnsenseApi;
  readonly asked: string[];
  readonly requests: HttpRequest[];
}

/** The secret of the script's key. */
export const scriptedSecret = 'c2VjcmV0/of+the/key==';

/** A client of the adapter on a script; what is not in it is an endpoint that this version does not have. */
export function scriptedOpnsense(answers: ScriptedAnswers): ScriptedOpnsense {
  const asked: string[] = [];
  const requests: HttpRequest[] = [];
  const api = createOpnsenseApi({
    url: 'https://fw.mgmt.internal/',
    key: 'key',
    secret: scriptedSecret,
    trust: { kind: 'system' },
    timeoutMs: 1000,
    connect: () => ({
      async request(request) {
        const key = `${request.method} ${request.path}`;
        asked.push(key);
        requests.push(request);
        const answer = (await answers(key, request)) ?? response(404, { errorMessage: 'Endpoint not found' });
        if (answer instanceof HttpError) throw answer;
        return 'status' in answer ? answer : response(200, answer.body);
      },
      close: async () => undefined,
    }),
  });
  return { api, asked, requests };
}

/** A response with this body as JSON. */
export function response(status: number, body: unknown): HttpResponse {
  return { status, reason: '', body: typeof body === 'string' ? body : JSON.stringify(body) };
}

/** A grid with these rows. */
export function grid(rows: readonly unknown[]): { readonly body: unknown } {
  return { body: { total: rows.length, rowCount: rows.length, current: 1, rows } };
}
