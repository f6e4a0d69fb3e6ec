import { SourceError } from '../../domain/error.ts';
import type { TlsTrust } from '../../domain/tls-trust.ts';
import { createHttpClient, type HttpClient, type HttpResponse } from '../../lib/http.ts';
import { codeOfStatus, HttpError } from '../../lib/http-error.ts';
import { parseJson } from '../../lib/json.ts';
import { shown } from '../../lib/shown.ts';
import { type KeaChannel, type KeaService, readAnswer } from './channel.ts';

/** How a Kea is reached over HTTP: by its control agent, or by the daemon itself where that listens. */
export interface ControlAgentOptions {
  readonly url: string;
  /** HTTP basic authentication (RFC 7617); absent: none. */
  readonly login?: { readonly user: string; readonly password: string };
  readonly trust: TlsTrust;
  readonly timeoutMs: number;
  readonly now: () => string;
}

/** What the control agent calls the daemons (Kea ARM, "The Kea Control Agent"). */
const services: Readonly<Record<KeaService, string>> = { 4: 'dhcp4', 6: 'dhcp6' };

/** A channel over HTTP, and its end. */
export interface ControlAgentChannel extends KeaChannel {
  close(): Promise<void>;
}

/** The control agent of a Kea. */
export function controlAgentChannel(options: ControlAgentOptions): ControlAgentChannel {
  const { url, login, trust, timeoutMs, now } = options;
  const source = `Kea ${new URL(url).host}`;
  const headers =
    login === undefined
      ? {}
      : { authorization: `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}` };
  const http: HttpClient = createHttpClient({ baseUrl: url, headers, trust, timeoutMs });
  return {
    source,
    async ask(service, command, signal) {
      const answer = await post(http, source, { ...command, service: [services[service]] }, signal);
      const parsed = parseJson(answer.body);
      // One answer for each service that was asked; a daemon that listens itself answers without a list.
      const [first, ...more] = Array.isArray(parsed) ? parsed : [parsed];
      return readAnswer(more.length === 0 ? first : undefined, answer.date ?? now(), source);
    },
    close: () => http.close(),
  };
}

async function post(
  http: HttpClient,
  source: string,
  json: unknown,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const answer = await http.request({ method: 'POST', path: '/', json, signal }).catch((error: unknown) => {
    if (error instanceof HttpError)
      throw new SourceError(error.code, source, error.message, { cause: error });
    throw error;
  });
  if (answer.status === 200) return answer;
  const code = codeOfStatus(answer.status) ?? 'bad-response';
  const hint =
    code === 'authentication-refused'
      ? { hint: 'Give user and password of this server in truename.yaml.' }
      : {};
  throw new SourceError(code, source, `it answers with ${answer.status} ${shown(answer.reason)}`, hint);
}
