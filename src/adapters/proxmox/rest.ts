import type { z } from 'zod';
import { type ErrorCode, type ErrorDetails, SourceError } from '../../domain/error.ts';
import type { TlsTrust } from '../../domain/tls-trust.ts';
import { createHttpClient, type HttpClient, type HttpRequest, type HttpResponse } from '../../lib/http.ts';
import { codeOfStatus, HttpError } from '../../lib/http-error.ts';
import { parseJson } from '../../lib/json.ts';
import { shown } from '../../lib/shown.ts';
import { type ApiCall, checkedParts, fieldsOf, type ProxmoxApi, proxmox } from './client.ts';
import { fingerprintCommand } from './config.ts';
import { answerSchema } from './schema.ts';

/** How the API is reached over HTTPS. */
export interface RestOptions {
  /** `https://host:8006`, one per node that may be asked; tried in this order. */
  readonly endpoints: readonly string[];
  /** `user@realm!name`. */
  readonly tokenId: string;
  /** The token's value; it is in no error. */
  readonly tokenSecret: string;
  readonly trust: TlsTrust;
  /** For one exchange with one endpoint. */
  readonly timeoutMs: number;
  /** In place of real connections; for tests. */
  readonly connect?: (baseUrl: string, headers: Readonly<Record<string, string>>) => HttpClient;
}

/** The API over HTTPS with an API token, which needs no CSRF header (pveum(1), "API Tokens"). */
export interface RestApi extends ProxmoxApi {
  close(): Promise<void>;
}

/** A client that stays with the endpoint that answered last. */
export function createRestApi(options: RestOptions): RestApi {
  const headers = { authorization: `PVEAPIToken=${options.tokenId}=${options.tokenSecret}` };
  const { trust, timeoutMs } = options;
  const connect = options.connect ?? ((baseUrl) => createHttpClient({ baseUrl, headers, trust, timeoutMs }));
  const clients = options.endpoints.map((endpoint) => ({
    endpoint,
    http: connect(`${endpoint.replace(/\/+$/, '')}/api2/json`, headers),
  }));

  async function call(method: HttpRequest['method'], api: ApiCall): Promise<unknown> {
    const exchange = exchangeOf(method, api);
    for (const [index, client] of [...clients].entries()) {
      try {
        const response = await client.http.request(exchange);
        if (index > 0) clients.sort((left, right) => Number(right === client) - Number(left === client));
        return dataOf(response, client.endpoint);
      } catch (error) {
        if (index + 1 < options.endpoints.length && mayGoElsewhere(error, method)) continue;
        throw asSourceError(error, client.endpoint);
      }
    }
    throw new SourceError('unreachable', proxmox, 'no endpoint is configured');
  }

  return {
    isRoot: false,
    get: (api) => call('GET', api),
    post: (api) => call('POST', api),
    put: (api) => call('PUT', api),
    delete: (api) => call('DELETE', api),
    close: async () => {
      await Promise.all(clients.map((client) => client.http.close()));
    },
  };
}

/** Parameters go in the query on GET and DELETE, in a form otherwise (pve-http-server, PVE/APIServer/AnyEvent.pm). */
function exchangeOf(method: HttpRequest['method'], api: ApiCall): HttpRequest {
  const path = `/${checkedParts(api.path).map(encodeURIComponent).join('/')}`;
  const fields = fieldsOf(api.params);
  return method === 'GET' || method === 'DELETE'
    ? { method, path, query: fields, signal: api.signal }
    : { method, path, form: fields, signal: api.signal };
}

/** A write that may have arrived is never sent to a second node. */
function mayGoElsewhere(error: unknown, method: HttpRequest['method']): boolean {
  if (!(error instanceof HttpError) || (error.code !== 'unreachable' && error.code !== 'timeout'))
    return false;
  return method === 'GET' || !error.sent;
}

function asSourceError(error: unknown, endpoint: string): unknown {
  if (!(error instanceof HttpError)) return error;
  const details: ErrorDetails = { where: endpoint, cause: error };
  if (error.code !== 'tls-untrusted') return new SourceError(error.code, proxmox, error.message, details);
  const hint = `Give the authority of the cluster (/etc/pve/pve-root-ca.pem of any node) as ca; or as fingerprint what the node itself says: ${fingerprintCommand}`;
  return new SourceError(error.code, proxmox, error.message, { ...details, hint });
}

function dataOf(response: HttpResponse, endpoint: string): unknown {
  const answer = answerSchema.safeParse(parseJson(response.body));
  if (response.status === 200 && answer.success && 'data' in answer.data) return answer.data.data;
  if (response.status === 200) {
    throw new SourceError('bad-response', proxmox, 'the answer is not one of Proxmox VE', {
      where: endpoint,
    });
  }
  const said = answer.success ? saidIn(answer.data) : undefined;
  const message = shown(said ?? response.reason) || `status ${response.status}`;
  const code = codeOf(response.status);
  throw new SourceError(code, proxmox, message, { where: endpoint, ...hintOf(code) });
}

/** The message of the body (since pve-http-server 5.2.0) with the complaints about single parameters. */
function saidIn(answer: z.infer<typeof answerSchema>): string | undefined {
  const about = Object.entries(answer.errors ?? {}).map(([name, text]) => `${name}: ${text.trim()}`);
  const parts = [answer.message?.trim() ?? '', ...about].filter((text) => text !== '');
  return parts.length === 0 ? undefined : parts.join(' – ');
}

/**
 * There is no 404: an unknown path or method is a 501, all refusals of a handler are a 500 or 400.
 * 595 to 599 come from the proxy between the nodes (AnyEvent::HTTP(3pm)): the guest's node is away.
 */
function codeOf(status: number): ErrorCode {
  if (status === 501) return 'unsupported';
  if (status === 400 || status === 500) return 'command-failed';
  if (status >= 595 && status <= 599) return 'unreachable';
  return codeOfStatus(status) ?? 'bad-response';
}

function hintOf(code: ErrorCode): ErrorDetails {
  if (code === 'permission-refused') {
    return {
      hint: 'The message names the path and the privileges; grant one to the token, and to its user.',
    };
  }
  if (code === 'authentication-refused') {
    return { hint: 'Check token.id (user@realm!name), the secret, and that the token has not expired.' };
  }
  return {};
}
