import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { createFacade, type Facade, type FacadeOptions } from './facade.ts';
import type { ApiResponse } from './message.ts';

/** Where the façade listens. */
export interface ServerOptions extends FacadeOptions {
  /** PEM texts. The product's own names no IP address (I/webgui.inc). */
  readonly certificate: { readonly key: string; readonly cert: string };
  /** Path of a unix socket in place of a free port on loopback. */
  readonly socket?: string;
}

/** A listening façade. */
export interface OpnsenseFacade extends Facade {
  /** `https://127.0.0.1:PORT`; of no use with a unix socket. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the façade; resolves when it listens. */
export async function startOpnsenseFacade(options: ServerOptions): Promise<OpnsenseFacade> {
  const facade = createFacade(options);
  const server = createServer(options.certificate, (incoming, outgoing) => {
    answer(facade, incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  const where = options.socket === undefined ? { host: '127.0.0.1', port: 0 } : { path: options.socket };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    ...facade,
    url: `https://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(facade: Facade, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { method = '', url: target = '' } = incoming;
  let body = '';
  for await (const chunk of incoming.setEncoding('utf8')) body += String(chunk);
  const { authorization, 'content-type': type } = incoming.headers;
  const response = await facade.handle({
    method,
    target,
    headers: { authorization, 'content-type': type },
    body,
  });
  send(response, incoming, outgoing);
}

function send(
  { status, headers, body, cut }: ApiResponse,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void {
  if (cut === 'at-once') {
    incoming.socket.destroy();
    return;
  }
  // A cookie of a session comes with answers to keys too (L/Mvc/Session.php).
  outgoing.writeHead(status, {
    ...headers,
    'set-cookie': 'PHPSESSID=none',
    'content-length': Buffer.byteLength(body),
  });
  if (cut === 'half-way') outgoing.write(body.slice(0, body.length / 2), () => incoming.socket.destroy());
  else outgoing.end(body);
}
