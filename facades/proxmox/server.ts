import { rm } from 'node:fs/promises';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createFacade, type Facade, type FacadeOptions } from './facade.ts';
import type { Faults } from './faults.ts';
import type { ApiRequest, ApiResponse } from './message.ts';
import { isNodeCommand, nodeBodyLimit } from './node-command.ts';
import { bodyLimit } from './parse.ts';
import { writeSnippets } from './snippets.ts';

/** Where and as whom the façade listens. */
export interface ServerOptions extends FacadeOptions {
  /** PEM texts. */
  readonly certificate: { readonly key: string; readonly cert: string };
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. The product listens on 8006. */
  readonly port?: number;
  /** Path of a unix socket without TLS on which every caller is root@pam: the node's own command line. */
  readonly unixSocket?: string;
}

/** A listening façade. */
export interface ProxmoxFacade {
  /** `https://HOST:PORT`. */
  readonly url: string;
  readonly faults: Faults;
  close(): Promise<void>;
}

/** pve-http-server AnyEvent.pm `$limit_max_headers` and `$limit_max_header_size`. */
const limits = { maxHeaderSize: 8192, keepAliveTimeout: 5000 };

/** Starts the façade; resolves when it listens and the files of its snippets are written. */
export async function startProxmoxFacade(options: ServerOptions): Promise<ProxmoxFacade> {
  if (options.snippetFolder !== undefined) await writeSnippets(options.snippetFolder, options.state);
  const facade = createFacade(options);
  const host = options.host ?? '127.0.0.1';
  const { key, cert } = options.certificate;
  const https = createHttpsServer(
    { ...limits, key, cert, ALPNProtocols: ['http/1.1'] },
    listener(facade, false),
  );
  const servers: Server[] = [https];
  await listen(https, { host, port: options.port ?? 0 });
  if (options.unixSocket !== undefined) {
    await rm(options.unixSocket, { force: true });
    const http = createHttpServer(limits, listener(facade, true));
    servers.push(http);
    await listen(http, { path: options.unixSocket });
  }
  const { port } = https.address() as AddressInfo;
  return {
    url: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    faults: facade.faults,
    close: async () => {
      await Promise.all(servers.map(stop));
      await facade.close();
    },
  };
}

function listen(server: Server, where: { host?: string; port?: number; path?: string }): Promise<void> {
  server.maxRequestsPerSocket = 100;
  // Too many or too long headers, and what is no HTTP/1 at all, get no answer.
  server.on('clientError', (_error, socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, resolve);
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function listener(facade: Facade, local: boolean): RequestListener {
  return (incoming, outgoing) => {
    void answer(facade, local, incoming, outgoing);
  };
}

async function answer(
  facade: Facade,
  local: boolean,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  if (incoming.rawHeaders.length >= 128) {
    incoming.socket.destroy();
    return;
  }
  const request = await readRequest(incoming, local).catch(() => undefined);
  if (request === undefined) return;
  const response = await facade.handle(request);
  if (response.drop === true) incoming.socket.destroy();
  else send(outgoing, response);
}

async function readRequest(incoming: IncomingMessage, local: boolean): Promise<ApiRequest> {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  const { method = '', url: target = '' } = incoming;
  const limit = isNodeCommand({ local, target }) ? nodeBodyLimit : bodyLimit;
  const refusedUnread =
    headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > limit;
  const body = refusedUnread ? Buffer.alloc(0) : await readBody(incoming);
  return { method, target, headers, body, local };
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The connection is closed after every status of 400 and above: pve-http-server AnyEvent.pm `response`. */
function send(outgoing: ServerResponse, response: ApiResponse): void {
  // The reason may quote a guest: what HTTP does not allow there becomes a blank.
  const reason = Buffer.from(response.reason, 'utf8')
    .toString('latin1')
    .replaceAll(/[^ -~\x80-\xff]/g, ' ');
  outgoing.statusCode = response.status;
  outgoing.statusMessage = reason;
  if (response.contentType !== undefined) outgoing.setHeader('Content-Type', response.contentType);
  outgoing.setHeader('Content-Length', Buffer.byteLength(response.body));
  outgoing.setHeader('Server', 'pve-api-daemon/3.0');
  outgoing.setHeader('Cache-Control', 'max-age=0');
  if (response.status >= 400) outgoing.setHeader('Connection', 'close');
  outgoing.end(response.body);
}
