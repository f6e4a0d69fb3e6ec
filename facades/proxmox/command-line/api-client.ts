import { request } from 'node:http';

/** An answer of the API: `data` of a success, or the texts of an error. */
export interface ApiAnswer {
  readonly status: number;
  readonly data: unknown;
  /** Empty for a success. */
  readonly message: string;
  readonly errors: Readonly<Record<string, string>>;
}

/** Parameters; an array is sent as a repeated key. */
export type Parameters = Readonly<Record<string, string | readonly string[]>>;

const methods = { get: 'GET', create: 'POST', set: 'PUT', delete: 'DELETE' } as const;

/** A verb of pvesh. */
export type Verb = keyof typeof methods;

/** Whether `text` is a verb that pvesh knows here. */
export function isVerb(text: string): text is Verb {
  return Object.hasOwn(methods, text);
}

/**
 * Asks the façade over its unix socket, where every caller is root@pam. The socket is the one named by
 * `PVE_FACADE_SOCKET`, else `/run/pve-facade.sock`. Rejects when nobody answers there.
 */
export async function askApi(verb: Verb, path: string, parameters: Parameters = {}): Promise<ApiAnswer> {
  const form = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    for (const each of typeof value === 'string' ? [value] : value) form.append(key, each);
  }
  const method = methods[verb];
  const encoded = form.toString();
  const inBody = method === 'POST' || method === 'PUT';
  const query = inBody || encoded === '' ? '' : `?${encoded}`;
  const answer = await exchange(method, `/api2/json${encodeURI(path)}${query}`, inBody ? encoded : undefined);
  return answerOf(answer);
}

/**
 * Asks for what a program on the node does without the API: `exec` or `path`, served over the unix socket
 * alone. Rejects when nobody answers there.
 */
export async function askNode(command: 'exec' | 'path', parameters: object): Promise<ApiAnswer> {
  return answerOf(await exchange('POST', `/node/${command}`, JSON.stringify(parameters)));
}

function answerOf(answer: RawAnswer): ApiAnswer {
  const { data = null, message = answer.reason, errors = {} } = parseBody(answer.text);
  return { status: answer.status, data, message: answer.status === 200 ? '' : message, errors };
}

interface Body {
  readonly data?: unknown;
  readonly message?: string;
  readonly errors?: Readonly<Record<string, string>>;
}

function parseBody(text: string): Body {
  return text === '' ? {} : (JSON.parse(text) as Body);
}

interface RawAnswer {
  readonly status: number;
  readonly reason: string;
  readonly text: string;
}

function exchange(method: string, path: string, body: string | undefined): Promise<RawAnswer> {
  const socketPath = process.env.PVE_FACADE_SOCKET ?? '/run/pve-facade.sock';
  const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const headers = body === undefined ? {} : { ...type, 'Content-Length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, method, path, headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: incoming.statusCode ?? 0, reason: incoming.statusMessage ?? '', text });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
