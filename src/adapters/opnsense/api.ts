import { type ErrorDetails, SourceError } from '../../domain/error.ts';
import type { TlsTrust } from '../../domain/tls-trust.ts';
import { createHttpClient, type HttpClient, type HttpRequest, type HttpResponse } from '../../lib/http.ts';
import { codeOfStatus, HttpError } from '../../lib/http-error.ts';
import { parseJson } from '../../lib/json.ts';
import { shown } from '../../lib/shown.ts';
import { fingerprintCommand } from './config.ts';
import { privilegeFor } from './privileges.ts';
import { errorAnswerSchema } from './schema.ts';

/** How the API of an OPNsense is reached. */
export interface OpnsenseApiOptions {
  /** `https://firewall:8443`, without `/api`. */
  readonly url: string;
  readonly key: string;
  /** In no error. */
  readonly secret: string;
  readonly trust: TlsTrust;
  /** For one question; a service is waited for longer. */
  readonly timeoutMs: number;
  /** In place of real connections; for tests. */
  readonly connect?: (baseUrl: string, headers: Readonly<Record<string, string>>) => HttpClient;
}

/** One call: parts of the path below `/api`, such as `['dnsmasq', 'settings', 'search_host']`. */
export interface OpnsenseCall {
  readonly path: readonly string[];
  /** Absent: no body, and no Content-Type with it, for an empty body of type JSON is refused (ApiControllerBase.php). */
  readonly json?: unknown;
  readonly timeoutMs?: number;
  readonly signal: AbortSignal;
}

/** An answer, as the product gave it. */
export interface OpnsenseAnswer {
  /** Not yet validated. */
  readonly value: unknown;
  /** When it was given by the firewall's own clock, ISO 8601, UTC; absent where it does not say. */
  readonly at?: string;
}

/**
 * The product's API over HTTPS with a key and its secret. Throws `SourceError`: `authentication-refused`, `permission-refused`
 * (the privilege that is missing is named), `unsupported` (this version has no such endpoint), `command-failed` (the product
 * refused or failed), `unreachable`, `timeout`, `tls-untrusted`, `bad-response`, `cancelled`.
 */
export interface OpnsenseApi {
  /** The server, for people. */
  readonly source: string;
  get(call: OpnsenseCall): Promise<OpnsenseAnswer>;
  post(call: OpnsenseCall): Promise<OpnsenseAnswer>;
  close(): Promise<void>;
}

/**
 * Every character that a part of a path may hold: module, controller and action in snake case, and uuids. Access lists
 * are matched against the raw address by case, query included (opnsense/core M/Core/ACL.php), so nothing is asked in a query.
 */
const part = /^[A-Za-z0-9_.:-]{1,64}$/;

/** A client of one OPNsense. */
export function createOpnsenseApi(options: OpnsenseApiOptions): OpnsenseApi {
  const { url, key, secret, trust, timeoutMs } = options;
  const token = Buffer.from(`${key}:${secret}`, 'utf8').toString('base64');
  const headers = { authorization: `Basic ${token}` };
  const base = `${url.replace(/\/+$/, '')}/api`;
  const http =
    options.connect?.(base, headers) ?? createHttpClient({ baseUrl: base, headers, trust, timeoutMs });
  const source = `OPNsense ${new URL(url).host}`;

  async function call(method: HttpRequest['method'], { path, json, ...rest }: OpnsenseCall) {
    const illegal = path.find((each) => !part.test(each) || /^\.+$/.test(each));
    if (illegal !== undefined)
      throw new SourceError('bad-response', source, `'${shown(illegal)}' can be no part of an API path`);
    const exchange = { ...rest, method, path: `/${path.join('/')}`, ...(json === undefined ? {} : { json }) };
    const response = await http.request(exchange).catch((error: unknown) => {
      throw asSourceError(error, source);
    });
    return answerOf(response, path, source);
  }

  return {
    source,
    get: (each) => call('GET', each),
    post: (each) => call('POST', each),
    close: () => http.close(),
  };
}

function asSourceError(error: unknown, source: string): unknown {
  if (!(error instanceof HttpError)) return error;
  const details: ErrorDetails = { cause: error };
  if (error.code !== 'tls-untrusted') return new SourceError(error.code, source, error.message, details);
  const hint = `Its own certificate names no IP address: give it as fingerprint, read at the firewall by ${fingerprintCommand}; or the authority that signed it as ca.`;
  return new SourceError(error.code, source, error.message, { ...details, hint });
}

function answerOf(response: HttpResponse, path: readonly string[], source: string): OpnsenseAnswer {
  const { status, body, date } = response;
  const value = parseJson(body);
  if (status === 200 && value !== undefined) return { value, ...(date === undefined ? {} : { at: date }) };
  const asked = path.join('/');
  if (status === 200)
    throw new SourceError('bad-response', source, `${asked} was not answered with JSON`, {
      hint: 'Give as url what comes before /api: https://HOST or https://HOST:PORT of the web interface.',
    });
  throw refusal(status, value, { asked, path, source });
}

/** What a status means here (opnsense/core C/Base/ApiControllerBase.php, www/api.php); never what its texts say. */
function refusal(
  status: number,
  value: unknown,
  {
    asked,
    path,
    source,
  }: { readonly asked: string; readonly path: readonly string[]; readonly source: string },
): SourceError {
  const said = saidIn(value);
  const saying = said === '' ? '' : `: ${said}`;
  if (status === 401)
    return new SourceError('authentication-refused', source, 'it does not accept the API key', {
      hint: 'Check key and secret, and that their user is neither disabled nor expired (System: Access: Users).',
    });
  if (status >= 300 && status < 400)
    return new SourceError('authentication-refused', source, `${asked} leads to the login page`, {
      hint: 'No key arrived there: something in between takes the Authorization header away. It is never followed.',
    });
  if (status === 403)
    return new SourceError('permission-refused', source, `the user of the API key may not use ${asked}`, {
      hint: `Give that user, or a group of it, the privilege ${privilegeFor(path)} (System: Access: Users).`,
    });
  if (status === 404 && value !== undefined)
    return new SourceError('unsupported', source, `this version has no ${asked}`);
  if (status === 404 || status === 405)
    return new SourceError('bad-response', source, `${asked} is not there, and no OPNsense says so`, {
      hint: 'Give as url what comes before /api: https://HOST or https://HOST:PORT of the web interface.',
    });
  if (status === 400 || status === 500)
    return new SourceError('command-failed', source, `${asked} failed with status ${status}${saying}`);
  return new SourceError(
    codeOfStatus(status) ?? 'bad-response',
    source,
    `${asked}: status ${status}${saying}`,
  );
}

function saidIn(value: unknown): string {
  const read = errorAnswerSchema.safeParse(value);
  return read.success ? shown(read.data.errorMessage ?? read.data.message ?? '') : '';
}
